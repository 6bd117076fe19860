import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { digestOf } from '#base/digest.ts';

test('the order of names does not change a digest, at any depth', () => {
  const shuffled = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(shuffled)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .toReversed()
              .map(([name, item]) => [name, shuffled(item)]),
          )
        : value;
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(digestOf(shuffled(value))).toBe(digestOf(value));
    }),
  );
});

test('other values have other digests', () => {
  const plain = fc.jsonValue({ maxDepth: 2 });
  fc.assert(
    fc.property(plain, plain, (a, b) => {
      fc.pre(JSON.stringify(a) !== JSON.stringify(b));
      expect(digestOf({ a, b })).not.toBe(digestOf({ a: b, b: a }));
    }),
  );
});

test('a name without a value counts as absent', () => {
  expect(digestOf({ a: 1, b: undefined })).toBe(digestOf({ a: 1 }));
  expect(digestOf({ a: 1, b: null })).not.toBe(digestOf({ a: 1 }));
});
