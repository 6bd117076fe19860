import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ZodError } from 'zod';
import { sourceMs } from '#base/time.ts';
import { columnOf, wordsOf } from '#domain/transcripts/words.ts';

const ms = fc.nat(10_800_000).map(sourceMs);
const word = fc
  .record({ startMs: ms, endMs: ms, text: fc.string() })
  .chain((made) => fc.double({ min: 0, max: 1, noNaN: true }).map((confidence) => ({ ...made, confidence })));

test('words come back from their column as they were', () => {
  fc.assert(
    fc.property(fc.array(word), (words) => {
      const known = words.map((one, at) => {
        const { confidence: _left, ...without } = one;
        return at % 2 === 0 ? one : without;
      });
      expect(wordsOf(JSON.parse(JSON.stringify(columnOf(known))))).toEqual(JSON.parse(JSON.stringify(known)));
    }),
  );
});

test.each([[null], [{}], [[['0', 1, 'a']]], [[[0, 1]]], [[[0.5, 1, 'a']]]])(
  'a column that holds %j is no words',
  (column) => {
    expect(() => wordsOf(column)).toThrow(ZodError);
  },
);
