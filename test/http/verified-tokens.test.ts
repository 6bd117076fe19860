import { expect, test, vi } from 'vitest';
import { rememberingTokens } from '#http/verified-tokens.ts';
import type { Identity } from '#providers/identity.ts';

/** An identity that takes tokens which say in milliseconds how long they hold, and counts how often it is asked. */
function countedIdentity() {
  const asked: string[] = [];
  const identity: Identity = {
    verify: async (token) => {
      asked.push(token);
      const heldMs = Number(token.split('/')[1]);
      if (!(heldMs > 0)) return null;
      const [issuedAt, expiresAt] = [new Date(), new Date(Date.now() + heldMs)];
      return {
        userId: token,
        sessionId: token,
        displayName: null,
        email: null,
        organization: null,
        issuedAt,
        expiresAt,
      };
    },
  };
  return { asked, tokens: rememberingTokens(identity) };
}

test('a token is checked once, another one by itself, and one that is not valid each time', async () => {
  const { asked, tokens } = countedIdentity();
  const [first] = [await tokens.verify('a/600000'), await tokens.verify('b/600000')];
  expect(await tokens.verify('a/600000')).toBe(first);
  expect(await tokens.verify('c/0')).toBeNull();
  expect(await tokens.verify('c/0')).toBeNull();
  expect(asked).toEqual(['a/600000', 'b/600000', 'c/0', 'c/0']);
});

test('nothing is remembered past the end of the token, nor for more than a minute', async () => {
  vi.useFakeTimers();
  const { asked, tokens } = countedIdentity();
  await tokens.verify('short/5000');
  await tokens.verify('long/600000');
  vi.advanceTimersByTime(5_001);
  await tokens.verify('short/5000');
  await tokens.verify('long/600000');
  expect(asked).toEqual(['short/5000', 'long/600000', 'short/5000']);
  vi.advanceTimersByTime(60_000);
  await tokens.verify('long/600000');
  expect(asked).toHaveLength(4);
  vi.useRealTimers();
});

test('of more than a thousand tokens the newest are remembered', async () => {
  const { asked, tokens } = countedIdentity();
  for (let at = 0; at <= 1_000; at += 1) await tokens.verify(`${at}/600000`);
  await tokens.verify('1000/600000');
  await tokens.verify('0/600000');
  expect(asked.slice(1_001)).toEqual(['0/600000']);
});
