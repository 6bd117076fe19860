import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Span, sourceMs } from '#base/time.ts';
import { obeyed, type SnappedSpan, snap } from '#domain/highlights/boundaries.ts';
import { sentences } from '#timeline/sentences.ts';
import { pausesOf, said, speech } from '../../support/speech.ts';

type Talk = ReturnType<typeof said>;

/** The words that a span's bounds cut: how deep, and how long the pause beside that edge of the word is. */
const cutsOf = ({ startMs, endMs }: SnappedSpan, words: Talk): { depthMs: number; pauseMs: number }[] =>
  [startMs, endMs].flatMap((bound) =>
    words.flatMap((word, at) => {
      if (bound <= word.startMs || bound >= word.endMs) return [];
      const before = word.startMs - (words[at - 1]?.endMs ?? 0);
      const after = (words[at + 1]?.startMs ?? Number.POSITIVE_INFINITY) - word.endMs;
      const [fromStart, fromEnd] = [bound - word.startMs, word.endMs - bound];
      return [fromStart < fromEnd ? { depthMs: fromStart, pauseMs: before } : { depthMs: fromEnd, pauseMs: after }];
    }),
  );

/** Where no frame lies in the pause beside a word the nearest one is taken: all other cuts are faults. */
const faultsOf = (found: SnappedSpan, words: Talk, frameMs: number) =>
  cutsOf(found, words).filter(({ depthMs, pauseMs }) => pauseMs > frameMs + 1 || depthMs > frameMs / 2 + 1);

const span = (startMs: number, endMs: number): Span => ({ startMs: sourceMs(startMs), endMs: sourceMs(endMs) });

const around = (words: ReturnType<typeof said>, frameRate = 1000) => ({
  words,
  sentences: sentences([{ ...span(0, 0), text: '', words }]),
  silences: pausesOf(words, 300),
  durationMs: sourceMs((words.at(-1)?.endMs ?? 0) + 1000),
  frameRate,
});

describe('snap', () => {
  const words = said(1000, 'One sentence here.', 1000, 'Another one follows.', 1000, 'The last.');
  const [first, , , second, , third] = words;

  test('moves to whole sentences and into the silence around them', () => {
    const found = snap(span((second?.startMs ?? 0) + 300, (third?.endMs ?? 0) - 200), around(words));
    expect(found).toEqual({
      startMs: (second?.startMs ?? 0) - 350,
      endMs: (third?.endMs ?? 0) + 450,
      reasons: { start: 'SENTENCE', end: 'SENTENCE' },
    });
  });

  test('a bound inside a silence moves to the speech that is meant', () => {
    const found = snap(span((second?.startMs ?? 0) - 600, (third?.endMs ?? 0) + 600), around(words));
    expect([found.startMs, found.endMs]).toEqual([(second?.startMs ?? 0) - 350, (third?.endMs ?? 0) + 450]);
  });

  test('falls back to words when no sentence is near', () => {
    const long = said(Array.from({ length: 40 }, () => 'word').join(' '));
    const found = snap(span(5050, 7900), { ...around(long), sentences: [span(0, 60_000)] });
    expect(found.reasons).toEqual({ start: 'WORD', end: 'WORD' });
  });

  test('stays where it is when there are no words at all', () => {
    const found = snap(span(5000, 8000), {
      words: [],
      sentences: [],
      silences: [],
      durationMs: sourceMs(9000),
      frameRate: 25,
    });
    expect(found.reasons).toEqual({ start: 'RAW', end: 'RAW' });
  });

  test('trusts the sound about where speech begins when the recogniser is late', () => {
    const silences = [span(0, (first?.startMs ?? 0) - 200)];
    const found = snap(span(first?.startMs ?? 0, third?.endMs ?? 0), { ...around(words), silences });
    expect(found.startMs).toBe((first?.startMs ?? 0) - 200 - 350);
  });

  test('a bound that no word or sentence is near, but that lies inside a very long word, moves to its edge', () => {
    const words = [{ text: 'Aaaah', ...span(0, 20_000) }];
    const found = snap(span(5000, 12_000), { ...around(words), sentences: [] });
    expect(found).toMatchObject({ startMs: 0, reasons: { start: 'WORD', end: 'WORD' } });
    expect(found.endMs).toBeGreaterThanOrEqual(20_000);
  });

  test('a span nearer to the end of the word before it than to its own word ends with its own word', () => {
    const [before, own] = [
      { text: 'before', ...span(5012, 5894) },
      { text: 'own', ...span(5986, 6370) },
    ];
    const found = snap(span(5500, 6000), { ...around([before, own], 24), sentences: [] });
    expect(found.reasons).toEqual({ start: 'WORD', end: 'WORD' });
    expect(found.startMs).toBeGreaterThanOrEqual(before.endMs);
    expect(found.startMs).toBeLessThanOrEqual(own.startMs);
    expect(found.endMs).toBeGreaterThanOrEqual(own.endMs);
  });

  test('cuts no word of any talk where a frame fits in the pause beside it, else never by more than half a frame', () => {
    fc.assert(
      fc.property(
        speech({ minLength: 5 }),
        fc.tuple(fc.nat({ max: 20_000 }), fc.integer({ min: 500, max: 20_000 })),
        fc.constantFrom(24, 25, 29.97, 30, 50, 60),
        (spoken, [at, length], frameRate) => {
          const place = around(spoken, frameRate);
          const frameMs = 1000 / frameRate;
          const found = snap(span(at, at + length), place);
          expect(found.endMs).toBeGreaterThan(found.startMs);
          expect(found.startMs).toBeGreaterThanOrEqual(0);
          expect(found.endMs).toBeLessThanOrEqual(place.durationMs);
          expect(faultsOf(found, spoken, frameMs)).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('obeyed', () => {
  const words = said(1000, 'One sentence here.', 1000, 'Another one follows.', 1000, 'The last.');
  const [, second] = words;

  test('bounds in pauses stay where a person put them, to the frame', () => {
    const found = obeyed(span(487, (words.at(-1)?.endMs ?? 0) + 333), around(words, 25));
    expect(found.reasons).toEqual({ start: 'CHOSEN', end: 'CHOSEN' });
    expect(Math.abs(found.startMs - 487)).toBeLessThanOrEqual(20);
    expect(found.startMs % 40).toBe(0);
  });

  test('a bound inside a word moves outwards to its edge, and only that far', () => {
    const inside = (second?.startMs ?? 0) + 100;
    const found = obeyed(span(inside, inside + 150), around(words));
    expect(found).toEqual({
      startMs: second?.startMs,
      endMs: second?.endMs,
      reasons: { start: 'WORD', end: 'WORD' },
    });
  });

  test('cuts no word where a frame fits beside it, moves no bound further than a word, stays in the recording', () => {
    fc.assert(
      fc.property(
        speech({ minLength: 5 }),
        fc.tuple(fc.nat({ max: 20_000 }), fc.integer({ min: 500, max: 20_000 })),
        fc.constantFrom(25, 29.97, 60),
        (spoken, [at, length], frameRate) => {
          const place = around(spoken, frameRate);
          const frameMs = 1000 / frameRate;
          const wanted = span(Math.min(at, place.durationMs - 600), Math.min(at + length, place.durationMs));
          const found = obeyed(wanted, place);
          expect(found.endMs).toBeGreaterThan(found.startMs);
          expect(found.startMs).toBeGreaterThanOrEqual(0);
          expect(found.endMs).toBeLessThanOrEqual(place.durationMs);
          expect(Math.abs(found.startMs - wanted.startMs)).toBeLessThanOrEqual(900 + frameMs);
          expect(Math.abs(found.endMs - wanted.endMs)).toBeLessThanOrEqual(900 + frameMs);
          expect(faultsOf(found, spoken, frameMs)).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });
});
