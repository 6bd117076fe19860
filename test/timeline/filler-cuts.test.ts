import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { durationOf, overlaps, type Span, sourceMs, type Word } from '#base/time.ts';
import { withoutFillers } from '#timeline/filler-cuts.ts';

const span = (startMs: number, endMs: number): Span => ({ startMs: sourceMs(startMs), endMs: sourceMs(endMs) });
const word = (text: string, startMs: number, endMs: number): Word => ({ text, ...span(startMs, endMs) });
const fillersOf = (words: readonly Word[]) => new Set(words.flatMap(({ text }, at) => (text === 'um' ? [at] : [])));
const cutOf = (words: readonly Word[], kept = [span(0, 3000)]) => withoutFillers(kept, words, fillersOf(words));

describe('taking fillers out of a clip', () => {
  test('leaves a breath where there were two', () => {
    const words = [word('well', 200, 600), word('um', 1000, 1300), word('we', 1900, 2100)];
    expect(cutOf(words)).toEqual([span(0, 720), span(1780, 3000)]);
  });

  test('takes several in a row at one go', () => {
    const words = [word('well', 200, 600), word('um', 700, 900), word('um', 910, 1100), word('we', 1200, 1500)];
    expect(cutOf(words)).toEqual([span(0, 650), span(1150, 3000)]);
  });

  test.each([
    ['is tied to the word before it', [word('well', 200, 600), word('um', 660, 900), word('we', 1200, 1500)]],
    ['is tied to the word after it', [word('well', 200, 600), word('um', 800, 1150), word('we', 1200, 1500)]],
    ['begins the clip', [word('um', 300, 600), word('we', 1200, 1500)]],
    ['ends the clip', [word('we', 1200, 1500), word('um', 1900, 2200)]],
  ])('leaves one that %s', (_where, words) => {
    expect(cutOf(words)).toEqual([span(0, 3000)]);
  });

  test('touches no other word, and what it takes is gone whole', () => {
    const spoken = fc.array(
      fc.record({
        gap: fc.integer({ min: 0, max: 500 }),
        length: fc.integer({ min: 50, max: 600 }),
        filler: fc.boolean(),
      }),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(spoken, (pieces) => {
        let at = 100;
        const words = pieces.map(({ gap, length, filler }) => {
          const startMs = at + gap;
          at = startMs + length;
          return word(filler ? 'um' : 'word', startMs, at);
        });
        const kept = cutOf(words, [span(0, at + 100)]);
        expect(kept.every((one) => durationOf(one) > 0)).toBe(true);
        for (const one of words) {
          const inside = kept.some(({ startMs, endMs }) => startMs <= one.startMs && one.endMs <= endMs);
          const wholeOrGone = inside || kept.every((part) => !overlaps(part, one));
          expect(one.text === 'word' ? inside : wholeOrGone).toBe(true);
        }
      }),
    );
  });
});
