import path from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isBucketName, isKey, segmentsOf } from '#embedded/storage/names.ts';

test('a key of ordinary segments is accepted', () => {
  fc.assert(
    fc.property(fc.array(fc.uuid(), { minLength: 1, maxLength: 20 }), (segments) => {
      expect(isKey(`${segments.join('/')}.mp4`)).toBe(true);
    }),
  );
});

test('whatever text is accepted as a key stays below its bucket when it is joined as a path', () => {
  const hostile = fc.constantFrom('..', '.', '', '/', '\\', '\u0000', 'a', '%2e', '~', ' ');
  const text = fc.oneof(
    fc.string(),
    fc.array(hostile).map((parts) => parts.join('/')),
  );
  fc.assert(
    fc.property(text, (key) => {
      fc.pre(isKey(key));
      expect(path.posix.normalize(`/bucket/${key}`)).toBe(`/bucket/${key}`);
      expect(Buffer.byteLength(key)).toBeLessThanOrEqual(1024);
    }),
  );
});

test('a bucket name never holds a separator, an upper-case letter or a leading dot', () => {
  for (const name of ['', '.', '..', 'a/b', 'A', '.hidden', '-x', 'ä', 'a'.repeat(64)])
    expect(isBucketName(name)).toBe(false);
  for (const name of ['uploads', '0', 'a.b-c_d', 'a'.repeat(63)]) expect(isBucketName(name)).toBe(true);
});

test('each segment of a raw path is decoded by itself, and one that hides a slash is refused', () => {
  expect(segmentsOf('/object/a%20b/..')).toEqual(['', 'object', 'a b', '..']);
  expect(() => segmentsOf('/object/a%2Fb')).toThrow('Invalid key');
  expect(() => segmentsOf('/object/%zz')).toThrow('Invalid key');
});
