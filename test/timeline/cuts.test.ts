import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { durationOf, overlaps, type Span, sourceMs } from '#base/time.ts';
import { fewCuts, onFrames, speechChunks, withoutSilences } from '#timeline/cuts.ts';
import { pausesOf, said, speech } from '../support/speech.ts';

const span = (startMs: number, endMs: number): Span => ({ startMs: sourceMs(startMs), endMs: sourceMs(endMs) });

const limits = fc.record({ maxMs: fc.integer({ min: 4000, max: 60_000 }), sharedMs: fc.constantFrom(0, 5000, 30_000) });

describe('speechChunks', () => {
  test('cuts in the middle of the longest silence near the end of the window', () => {
    const chunks = speechChunks([span(7000, 7400), span(8000, 9000), span(9500, 9900)], sourceMs(15_000), {
      maxMs: 10_000,
    });
    expect(chunks.map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
      [0, 8500],
      [8500, 15_000],
    ]);
  });

  test('sends only 0.4 s at each side of a long silence', () => {
    const [chunk] = speechChunks([span(3000, 8000)], sourceMs(10_000), { maxMs: 60_000 });
    expect(chunk?.source).toEqual([span(0, 3400), span(7600, 10_000)]);
  });

  test('shares five seconds with the next chunk where there is no silence', () => {
    const chunks = speechChunks([], sourceMs(100_000), { maxMs: 60_000 });
    expect(chunks.map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
      [0, 60_000],
      [55_000, 100_000],
    ]);
  });

  test('sends nothing of a recording without speech', () => {
    expect(speechChunks([span(0, 100_000)], sourceMs(100_000), { maxMs: 30_000 })).toEqual([]);
  });

  test('shares what is asked for at every cut, from a silence on where one is near', () => {
    const silences = [span(38_000, 39_000), span(58_000, 59_000)];
    const chunks = speechChunks(silences, sourceMs(100_000), { maxMs: 60_000, sharedMs: 15_000 });
    expect(chunks.map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
      [0, 58_500],
      [43_500, 100_000],
    ]);
    const [, near] = speechChunks([span(41_000, 41_800), ...silences.slice(1)], sourceMs(100_000), {
      maxMs: 60_000,
      sharedMs: 15_000,
    });
    expect(near?.startMs).toBe(41_400);
  });

  test('every word is whole in some chunk and no chunk is longer than allowed', () => {
    fc.assert(
      fc.property(speech({ minLength: 20 }), limits, (words, { maxMs, sharedMs }) => {
        const durationMs = sourceMs((words.at(-1)?.endMs ?? 0) + 700);
        const chunks = speechChunks(pausesOf(words, 300), durationMs, { maxMs, sharedMs });
        for (const chunk of chunks) expect(durationOf(chunk)).toBeLessThanOrEqual(maxMs + 1);
        const whole = words.filter((word) =>
          chunks.some((chunk) => chunk.source.some((part) => part.startMs <= word.startMs && word.endMs <= part.endMs)),
        );
        expect(whole).toEqual(words);
      }),
    );
  });
});

describe('withoutSilences', () => {
  test('keeps a breath of 0.25 s at each side and leaves short pauses alone', () => {
    const words = said('one', 2000, 'two', 500, 'three');
    const kept = withoutSilences(span(0, words.at(-1)?.endMs ?? 0), pausesOf(words, 300), words);
    const [one, two, three] = words;
    expect(kept).toEqual([span(0, (one?.endMs ?? 0) + 250), span((two?.startMs ?? 0) - 250, three?.endMs ?? 0)]);
  });

  test('never cuts into a word, wherever silences were heard', () => {
    const silences = fc.array(fc.tuple(fc.nat({ max: 30_000 }), fc.integer({ min: 500, max: 4000 })), { maxLength: 8 });
    fc.assert(
      fc.property(speech({ minLength: 3 }), silences, (words, heard) => {
        const all = span(0, words.at(-1)?.endMs ?? 0);
        const gaps = heard.map(([at, length]) => span(at, at + length)).toSorted((a, b) => a.startMs - b.startMs);
        const kept = withoutSilences(all, gaps, words);
        expect(kept.length).toBeGreaterThan(0);
        for (const [index, cut] of kept.entries()) {
          expect(durationOf(cut)).toBeGreaterThan(0);
          expect(cut.startMs).toBeGreaterThanOrEqual(kept[index - 1]?.endMs ?? 0);
        }
        for (const word of words) {
          expect(kept.filter((cut) => overlaps(cut, word))).toEqual([
            kept.find((cut) => cut.startMs <= word.startMs && word.endMs <= cut.endMs),
          ]);
        }
      }),
    );
  });

  test('cuts can be moved to whole frames', () => {
    expect(onFrames([span(10, 990)], 25)).toEqual([span(0, 1000)]);
  });

  test('what is shorter than a frame of a slow picture leaves no empty cut', () => {
    expect(onFrames([span(0, 1900), span(2300, 2400), span(3100, 4000)], 1)).toEqual([span(0, 2000), span(3000, 4000)]);
  });

  test.each([0.2, 0])('cuts stay as they are where no frame of %d a second fits', (frameRate) => {
    expect(onFrames([span(5100, 5600), span(5900, 6200)], frameRate)).toEqual([span(5100, 5600), span(5900, 6200)]);
  });

  test('cuts on frames are in order, never empty and never none, at any rate', () => {
    const pieces = fc.uniqueArray(fc.nat({ max: 60_000 }), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(pieces, fc.double({ min: 0.01, max: 120, noNaN: true }), (moments, frameRate) => {
        const sorted = moments.toSorted((a, b) => a - b);
        const cuts = sorted.flatMap((at, index) => (index % 2 === 1 ? [span(sorted[index - 1] ?? 0, at)] : []));
        const framed = onFrames(cuts, frameRate);
        expect(framed.length).toBeGreaterThan(0);
        for (const [index, cut] of framed.entries()) {
          expect(durationOf(cut)).toBeGreaterThan(0);
          expect(cut.startMs).toBeGreaterThanOrEqual(framed[index - 1]?.endMs ?? 0);
        }
      }),
    );
  });
});

describe('few cuts', () => {
  test('keep the shortest of what was to be left out', () => {
    const cuts = [span(0, 100), span(150, 300), span(900, 1000), span(1020, 1100), span(1500, 1600)];
    expect(fewCuts(cuts, 3)).toEqual([span(0, 300), span(900, 1100), span(1500, 1600)]);
    expect(fewCuts(cuts, 5)).toEqual(cuts);
    expect(fewCuts(cuts, 0)).toEqual([span(0, 1600)]);
  });

  test('are as many as allowed, hold all of the cuts, and leave out nothing else', () => {
    const moments = fc.uniqueArray(fc.nat({ max: 60_000 }), { minLength: 2, maxLength: 60 });
    fc.assert(
      fc.property(moments, fc.integer({ min: 1, max: 30 }), (drawn, most) => {
        const sorted = drawn.toSorted((a, b) => a - b);
        const cuts = sorted.flatMap((at, index) => (index % 2 === 1 ? [span(sorted[index - 1] ?? 0, at)] : []));
        const few = fewCuts(cuts, most);
        expect(few).toHaveLength(Math.min(most, cuts.length));
        expect(cuts.every((cut) => few.some((one) => one.startMs <= cut.startMs && cut.endMs <= one.endMs))).toBe(true);
        for (const [at, one] of few.entries()) {
          expect(cuts.map(({ startMs }) => startMs)).toContain(one.startMs);
          expect(cuts.map(({ endMs }) => endMs)).toContain(one.endMs);
          expect(one.startMs).toBeGreaterThan(few[at - 1]?.endMs ?? -1);
        }
      }),
    );
  });
});
