import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { openLog } from '#base/log.ts';
import { redact } from '#base/redact.ts';

const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzZWNyZXQifQ.c2VjcmV0LXNpZ25hdHVyZQ';
const signed = `http://127.0.0.1:4000/storage/v1/object/sign/clips/a/b.mp4?token=${jwt}&download=x`;

test.each([
  [signed, 'http://127.0.0.1:4000/storage/v1/object/sign/clips/a/b.mp4?token=[redacted]&download=x'],
  ['Incorrect API key provided: sk-proj-Ab12_cd34ef. Look there', 'Incorrect API key provided: [redacted]. Look there'],
  ['signed with whsec_c2VjcmV0+/12=', 'signed with [redacted]'],
  ['at postgres://me:pass%20word@db:5432/it', 'at postgres://me:[redacted]@db:5432/it'],
  ['svix-signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=', 'svix-signature: [redacted]'],
  [
    'reads http://127.0.0.1:4001/0123456789012345678901234567890123456789012 now',
    'reads http://127.0.0.1:4001/[redacted] now',
  ],
  ['{"a":"{\\"token\\":\\"abc def\\"}"}', '{"a":"{\\"token\\":\\"[redacted]\\"}"}'],
  ['ada.lovelace+clips@example.co.uk asked', '[e-mail] asked'],
  ['?for=ada%40example.org&x=1', '?for=[e-mail]&x=1'],
])('what is secret is taken out, and what is around it stays: %s', (said, told) => {
  expect(redact(said)).toBe(told);
});

test.each([
  'the token of the day is a good key',
  'see https://example.org/a@b and the risk-free task-list',
  'node_modules/vitest@5.1.1/dist and @scope/name@1.2.3',
  '{"inputTokens":3,"attempt":1}',
])('what is no secret stays: %s', (said) => {
  expect(redact(said)).toBe(said);
});

const letters = (alphabet: string, length: number) =>
  fc
    .array(fc.constantFrom(...alphabet.split('')), { minLength: length, maxLength: length + 20 })
    .map((some) => some.join(''));
const alphanumeric = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const random = letters(alphanumeric, 16);

/** A secret, and a text that shows it as it is met. */
const told = fc.oneof(
  random.map((secret) => ({ secret, text: `eyJhbGci.${secret}.c2ln` })),
  random.map((secret) => ({ secret, text: `ofp_${secret}` })),
  random.map((secret) => ({ secret, text: `sk_live_${secret}` })),
  random.map((secret) => ({ secret, text: `sk-proj-${secret}` })),
  random.map((secret) => ({ secret, text: `whsec_${secret}` })),
  random.map((secret) => ({ secret, text: `v1,${secret}${secret}=` })),
  random.map((secret) => ({ secret, text: `Authorization: Bearer ${secret}` })),
  random.map((secret) => ({ secret, text: `authorization: Basic ${secret}` })),
  random.map((secret) => ({ secret, text: `https://storage.example/o/a.mp4?token=${secret}&download=x` })),
  random.map((secret) => ({ secret, text: `https://s3.example/a?X-Amz-Signature=${secret}` })),
  random.map((secret) => ({ secret, text: `postgres://app:${secret}@db:5432/offprint` })),
  random.map((secret) => ({ secret, text: JSON.stringify({ headers: { 'x-signature': secret } }) })),
  random.map((secret) => ({ secret, text: JSON.stringify(JSON.stringify({ api_key: secret })) })),
  letters('abcdefghij', 5).map((secret) => ({ secret, text: `${secret}@example.org` })),
);

/** Ways in which something comes into a line. */
const places: ((text: string, around: string) => [facts: object, words: string])[] = [
  (text, around) => [{}, `${around} ${text} ${around}`],
  (text) => [{ said: text }, 'said'],
  (text, around) => [{ a: { b: [{ c: `${around} ${text}` }] } }, 'said'],
  (text) => [{ err: new Error(`it failed: ${text}`) }, 'failed'],
  (text, around) => [{ err: new Error('outer', { cause: new Error(around, { cause: new Error(text) }) }) }, 'failed'],
  (text) => [{ err: Object.assign(new Error('with facts'), { facts: { seen: { deep: text } } }) }, 'failed'],
  (text) => [{ err: text }, 'failed'],
];

const oneLine = z.looseObject({ msg: z.string() });

test('no line of the log shows a secret, wherever it came from, and every line stays JSON', () => {
  const lines: string[] = [];
  const log = openLog('info', { write: (line) => lines.push(line) });
  const around = fc.string({ unit: 'binary', maxLength: 20 });
  fc.assert(
    fc.property(told, fc.constantFrom(...places), around, ({ secret, text }, place, noise) => {
      lines.splice(0);
      log.info(...place(text, noise));
      const line = lines.join('');
      oneLine.parse(JSON.parse(line));
      expect(line).not.toContain(secret);
    }),
    { numRuns: 150 },
  );
});

const secretNames = ['token', 'authorization', 'x-signature', 'password', 'apiKey', 'clientSecret', 'set-cookie'];

test('what stands under the name of a secret is gone, whatever it looks like', () => {
  const lines: string[] = [];
  const log = openLog('info', { write: (line) => lines.push(line) });
  const value = fc.string({ minLength: 1, maxLength: 30 }).map((text) => `\u0001${text}\u0001`);
  fc.assert(
    fc.property(fc.constantFrom(...secretNames), value, fc.boolean(), (name, secret, listed) => {
      lines.splice(0);
      log.info({ request: { headers: { [name]: listed ? [secret, secret] : secret, other: 'stays' } } }, 'asked');
      const { request } = z.object({ request: z.unknown() }).parse(JSON.parse(lines.join('')));
      const told = listed ? ['[redacted]', '[redacted]'] : '[redacted]';
      expect(request).toEqual({ headers: { [name]: told, other: 'stays' } });
    }),
  );
});
