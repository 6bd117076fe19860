import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Span, sourceMs } from '#base/time.ts';
import { wordShares } from '#timeline/word-shares.ts';
import { spreadWords } from '#timeline/word-timing.ts';
import { scannedBy } from '../support/scanned.ts';

/** By looking at every word for every stretch. */
function sharesByAll(weights: readonly number[], marked: readonly boolean[], lengthsMs: readonly number[]): number[] {
  const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
  const perMs = sum(weights) / (sum(lengthsMs) || 1);
  let taken = 0;
  return lengthsMs.map((...[, index]) => {
    const target = sum(lengthsMs.slice(0, index + 1)) * perMs;
    let [best, least] = [0, target];
    for (const at of weights.keys()) {
      const distance = Math.abs(sum(weights.slice(0, at + 1)) - target) - (marked[at] ? 10 : 0);
      if (distance < least) [best, least] = [at + 1, distance];
    }
    const count = Math.max(0, (index === lengthsMs.length - 1 ? weights.length : best) - taken);
    taken += count;
    return count;
  });
}

test('words are shared out as by comparing each with each', () => {
  const words = fc.array(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.boolean()), { minLength: 1, maxLength: 40 });
  const stretches = fc.array(fc.integer({ min: 0, max: 4000 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(words, stretches, (pairs, lengthsMs) => {
      const [weights, marked] = [pairs.map(([weight]) => weight), pairs.map(([, mark]) => mark)];
      expect(wordShares({ weights, marked }, lengthsMs)).toEqual(sharesByAll(weights, marked, lengthsMs));
    }),
    { numRuns: 1_000 },
  );
});

const silences = (count: number): Span[] =>
  Array.from({ length: count }, (_, at) => ({ startMs: sourceMs(at * 600 + 300), endMs: sourceMs(at * 600 + 600) }));

test('twice as many words over twice as many silences take twice the work', () => {
  const spread = (count: number) => () =>
    spreadWords({ startMs: sourceMs(0), endMs: sourceMs(count * 600), text: 'a '.repeat(20 * count) }, silences(count));
  expect(scannedBy(spread(40))).toBeLessThan(2.2 * scannedBy(spread(20)));
});

test('a cue asks only about the silences in it', () => {
  let asked = 0;
  const counted = silences(1_000).map(({ startMs, endMs }) => ({
    startMs,
    get endMs() {
      asked += 1;
      return endMs;
    },
  }));
  spreadWords({ startMs: sourceMs(300_000), endMs: sourceMs(301_000), text: 'only some words' }, counted);
  expect(asked).toBeGreaterThan(0);
  expect(asked).toBeLessThan(30);
});
