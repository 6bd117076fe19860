import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Span, sourceMs } from '#base/time.ts';
import { snap } from '#domain/highlights/boundaries.ts';
import { sentences } from '#timeline/sentences.ts';
import { pausesOf, said, speech } from '../../support/speech.ts';

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

  test('cuts no word, stays inside the recording and on whole frames', () => {
    fc.assert(
      fc.property(
        speech({ minLength: 5 }),
        fc.nat({ max: 20_000 }),
        fc.integer({ min: 500, max: 20_000 }),
        (spoken, at, length) => {
          const place = around(spoken);
          const found = snap(span(at, at + length), place);
          expect(found.endMs).toBeGreaterThan(found.startMs);
          expect(found.startMs).toBeGreaterThanOrEqual(0);
          expect(found.endMs).toBeLessThanOrEqual(place.durationMs);
          const bounds = [
            { at: found.startMs, reason: found.reasons.start },
            { at: found.endMs, reason: found.reasons.end },
          ].filter(({ reason }) => reason !== 'RAW');
          expect(spoken.filter((word) => bounds.some(({ at }) => word.startMs < at && at < word.endMs))).toEqual([]);
        },
      ),
    );
  });
});
