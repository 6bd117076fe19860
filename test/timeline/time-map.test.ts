import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clipMs, type Span, sourceMs } from '#base/time.ts';
import { timeMap, wordsInClip } from '#timeline/time-map.ts';
import { said, speech } from '../support/speech.ts';

const span = (startMs: number, endMs: number): Span => ({ startMs: sourceMs(startMs), endMs: sourceMs(endMs) });

const cutLists = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 1, max: 5000 })), {
    minLength: 1,
    maxLength: 15,
  })
  .map((pairs) => {
    let at = 0;
    return pairs.map(([gap, length]) => {
      const cut = span(at + gap, at + gap + length);
      at = cut.endMs;
      return cut;
    });
  });

describe('timeMap', () => {
  test('never goes back, in either direction', () => {
    fc.assert(
      fc.property(cutLists, fc.array(fc.nat({ max: 80_000 }), { maxLength: 30 }), (cuts, moments) => {
        const map = timeMap(cuts);
        const sorted = moments.toSorted((a, b) => a - b);
        const clip = sorted.map((at) => map.toClip(sourceMs(at)));
        const source = sorted.map((at) => map.toSource(clipMs(at)));
        expect(clip).toEqual(clip.toSorted((a, b) => a - b));
        expect(source).toEqual(source.toSorted((a, b) => a - b));
      }),
    );
  });

  test('every moment of the clip comes back from the recording', () => {
    fc.assert(
      fc.property(cutLists, fc.nat(), (cuts, seed) => {
        const map = timeMap(cuts);
        const at = clipMs(seed % map.durationMs);
        expect(map.toClip(map.toSource(at))).toBe(at);
        expect(cuts.some((cut) => cut.startMs <= map.toSource(at) && map.toSource(at) < cut.endMs)).toBe(true);
      }),
    );
  });

  test('a span that crosses a join stays on the side that holds more of it', () => {
    const map = timeMap([span(0, 1000), span(5000, 6000)]);
    expect(map.toSourceSpan({ startMs: clipMs(900), endMs: clipMs(1300) })).toEqual(span(5000, 5300));
    expect(map.toSourceSpan({ startMs: clipMs(600), endMs: clipMs(1000) })).toEqual(span(600, 1000));
  });

  test.each([[[span(5, 10), span(0, 3)]], [[span(0, 10), span(9, 12)]], [[span(3, 3)]]])('refuses %j', (cuts) => {
    expect(() => timeMap(cuts)).toThrow('in order');
  });
});

describe('wordsInClip', () => {
  test('moves words to the clip and leaves out those that are mostly cut off', () => {
    const words = said('alpha', 1000, 'beta', 1000, 'gamma');
    const [alpha, , gamma] = words;
    const cuts = [span(alpha?.startMs ?? 0, 300), span((gamma?.startMs ?? 0) + 250, (gamma?.endMs ?? 0) + 500)];
    expect(wordsInClip(words, cuts)).toEqual([{ text: 'alpha', startMs: 0, endMs: 300 }]);
  });

  test('words stay in order, inside the clip, and never last less than nothing', () => {
    fc.assert(
      fc.property(speech(), cutLists, (words, cuts) => {
        const { durationMs } = timeMap(cuts);
        let at = 0;
        for (const word of wordsInClip(words, cuts)) {
          expect(word.startMs).toBeGreaterThanOrEqual(at);
          expect(word.endMs).toBeGreaterThanOrEqual(word.startMs);
          expect(word.endMs).toBeLessThanOrEqual(durationMs);
          at = word.startMs;
        }
      }),
    );
  });
});
