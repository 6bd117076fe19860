import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clipMs, type Span, sourceMs, type Word } from '#base/time.ts';
import { type ChunkLimits, type SpeechChunk, speechChunks } from '#timeline/cuts.ts';
import { stitch } from '#timeline/stitch.ts';
import { timeMap } from '#timeline/time-map.ts';
import { pausesOf, speech } from '../support/speech.ts';

/** A recogniser that hears each chunk for itself: times are a little off and words cut at an edge come out wrong. */
function heardIn(chunk: SpeechChunk, words: readonly Word[], jitterMs: number): Word[] {
  const map = timeMap(chunk.source);
  return words.flatMap((word, index) => {
    if (word.endMs <= chunk.startMs || word.startMs >= chunk.endMs) return [];
    const whole = word.startMs >= chunk.startMs && word.endMs <= chunk.endMs;
    const shift = whole ? ((index * 7919 + chunk.startMs) % (2 * jitterMs + 1)) - jitterMs : 0;
    const [startMs, endMs] = [map.toClip(word.startMs) + shift, map.toClip(word.endMs) + shift];
    const span = { startMs: clipMs(Math.max(0, startMs)), endMs: clipMs(Math.max(0, endMs)) };
    return [{ text: whole ? word.text : 'garbled', ...map.toSourceSpan(span) }];
  });
}

const numbered = speech({ minLength: 40, maxLength: 250 }).map((words) =>
  words.map((word, index) => ({ ...word, text: `word${index}` })),
);

function stitched(words: readonly Word[], silences: readonly Span[], limits: ChunkLimits): Word[] {
  const chunks = speechChunks(silences, sourceMs((words.at(-1)?.endMs ?? 0) + 500), limits);
  return stitch(chunks.map((chunk) => ({ ...chunk, words: heardIn(chunk, words, 10) })));
}

describe('stitch', () => {
  test('no word is lost or doubled when chunks are cut in silences, and times are right to the jitter', () => {
    fc.assert(
      fc.property(numbered, fc.integer({ min: 8000, max: 60_000 }), (words, maxMs) => {
        const heard = stitched(words, pausesOf(words, 300), { maxMs });
        expect(heard.map((word) => word.text)).toEqual(words.map((word) => word.text));
        for (const [index, word] of heard.entries()) {
          expect(Math.abs(word.startMs - (words[index]?.startMs ?? 0))).toBeLessThanOrEqual(10);
        }
      }),
    );
  });

  test('no word is lost or doubled when speech without a pause is cut hard', () => {
    const fluent = numbered.map((words) => {
      let at = 0;
      return words.map((word) => {
        const startMs = sourceMs(at);
        at += Math.min(word.endMs - word.startMs, 600);
        return { text: word.text, startMs, endMs: sourceMs(at) };
      });
    });
    fc.assert(
      fc.property(fluent, fc.integer({ min: 20_000, max: 40_000 }), (words, maxMs) => {
        expect(stitched(words, [], { maxMs }).map((word) => word.text)).toEqual(words.map((word) => word.text));
      }),
    );
  });

  test('no word is lost or doubled when neighbours share half a minute at every cut', () => {
    fc.assert(
      fc.property(numbered, fc.integer({ min: 20_000, max: 60_000 }), (words, maxMs) => {
        const heard = stitched(words, pausesOf(words, 300), { maxMs, sharedMs: 30_000 });
        expect(heard.map((word) => word.text)).toEqual(words.map((word) => word.text));
      }),
    );
  });

  test('a poor recogniser that mishears and misplaces words makes the list neither longer nor disordered', () => {
    const poor = fc.tuple(numbered, fc.integer({ min: 20_000, max: 60_000 }), fc.integer({ min: 2, max: 9 }));
    fc.assert(
      fc.property(poor, ([words, maxMs, wrongEvery]) => {
        const durationMs = sourceMs((words.at(-1)?.endMs ?? 0) + 500);
        const chunks = speechChunks([], durationMs, { maxMs }).map((chunk, at) => ({
          ...chunk,
          words: heardIn(chunk, words, 250).map((word, index) =>
            (index + at) % wrongEvery === 0 ? { ...word, text: `wrong${at}` } : word,
          ),
        }));
        const heard = stitch(chunks);
        const right = heard.map(({ text }) => text).filter((text) => text.startsWith('word'));
        expect(new Set(right).size).toBe(right.length);
        expect(heard.map(({ startMs }) => startMs)).toEqual(
          heard.map(({ startMs }) => startMs).toSorted((a, b) => a - b),
        );
      }),
    );
  });

  test('chunks that share no word change over in the middle of their overlap', () => {
    const span = (startMs: number, endMs: number): Span => ({ startMs: sourceMs(startMs), endMs: sourceMs(endMs) });
    const word = (text: string, startMs: number): Word => ({ text, ...span(startMs, startMs + 100) });
    const heard = stitch([
      { ...span(0, 10_000), words: [word('a', 100), word('b', 6000), word('c', 9000)] },
      { ...span(5000, 15_000), words: [word('x', 5500), word('y', 9000), word('z', 14_000)] },
    ]);
    expect(heard.map(({ text, startMs }) => [text, startMs])).toEqual([
      ['a', 100],
      ['b', 6000],
      ['y', 9000],
      ['z', 14_000],
    ]);
  });
});
