import { assert, integer, property } from 'fast-check';
import { SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { createClient } from '#client/client.ts';
import { CancelRunDocument } from '#client/generated/graphql.ts';
import { lifeLeftMs } from '#client/token-renewal.ts';
import { openHouse } from '../support/house.ts';

test('a run is followed over one connection while tokens run out, because each is renewed before', async () => {
  await using house = await openHouse({ worker: false });
  const renewedTwice = Promise.withResolvers<void>();
  let asked = 0;
  let connections = 0;
  await using client = createClient({
    url: house.url,
    token: () => {
      asked += 1;
      // Renewed after six of its eight seconds, and once more: the first token is over for four seconds by then.
      if (asked === 3) renewedTwice.resolve();
      return house.keys.mint({ user: 'ada', workspace: 'analytical', ttlSeconds: 8 });
    },
    webSocket: class extends WebSocket {
      constructor(url: string, protocols: string) {
        super(url, protocols);
        connections += 1;
      }
    },
  });
  const recording = new Blob([new Uint8Array(1_000)], { type: 'video/mp4' });
  const uploaded = await client.upload(recording, { workspaceId: house.workspaceId, fileName: 'a.mp4' }).done;
  const runId = uploaded.ok ? (uploaded.run?.id ?? '') : '';
  asked = 0;
  const followed = lastOf(client.followRun(runId));
  await renewedTwice.promise;
  await client.mutate(CancelRunDocument, { runId });
  expect(await followed).toMatchObject({ status: 'CANCELED', isFinal: true });
  expect(connections).toBe(1);
});

test('what a token has left is read from the token; an API key has no end that a client knows', async () => {
  const key = new Uint8Array(32);
  const token = await new SignJWT({ name: 'Ärzte 日本' })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime(1_000)
    .sign(key);
  assert(
    property(integer({ min: 0, max: 2_000_000 }), (nowMs) => {
      expect(lifeLeftMs(`Bearer ${token}`, nowMs)).toBe(1_000_000 - nowMs);
    }),
  );
  for (const other of ['Bearer ofp_abcdef', 'Bearer a.b.c', 'Bearer', '', `Basic ${token}`])
    expect(lifeLeftMs(other)).toBeNull();
});

async function lastOf<Item>(items: AsyncIterable<Item>): Promise<Item | undefined> {
  let last: Item | undefined;
  for await (last of items);
  return last;
}
