import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ClipMs, clipMs, type Span, sourceMs, type Word } from '#base/time.ts';
import { type SpeechChunk, speechChunks } from '#timeline/cuts.ts';
import { stitch } from '#timeline/stitch.ts';
import { timeMap } from '#timeline/time-map.ts';
import { pausesOf, speech } from '../support/speech.ts';

/** A recogniser that hears each chunk for itself: times are a little off and words cut at an edge come out wrong. */
function heardIn(chunk: SpeechChunk, words: readonly Word[], jitterMs: number): Word<ClipMs>[] {
  const map = timeMap(chunk.source);
  return words.flatMap((word, index) => {
    if (word.endMs <= chunk.startMs || word.startMs >= chunk.endMs) return [];
    const whole = word.startMs >= chunk.startMs && word.endMs <= chunk.endMs;
    const shift = whole ? ((index * 7919 + chunk.startMs) % (2 * jitterMs + 1)) - jitterMs : 0;
    const [startMs, endMs] = [map.toClip(word.startMs) + shift, map.toClip(word.endMs) + shift];
    return [
      { text: whole ? word.text : 'garbled', startMs: clipMs(Math.max(0, startMs)), endMs: clipMs(Math.max(0, endMs)) },
    ];
  });
}

const numbered = speech({ minLength: 40, maxLength: 250 }).map((words) =>
  words.map((word, index) => ({ ...word, text: `word${index}` })),
);

function stitched(words: readonly Word[], silences: readonly Span[], maxMs: number): Word[] {
  const chunks = speechChunks(silences, sourceMs((words.at(-1)?.endMs ?? 0) + 500), { maxMs });
  return stitch(chunks.map((chunk) => ({ chunk, words: heardIn(chunk, words, 10) })));
}

describe('stitch', () => {
  test('no word is lost or doubled when chunks are cut in silences, and times are right to the jitter', () => {
    fc.assert(
      fc.property(numbered, fc.integer({ min: 8000, max: 60_000 }), (words, maxMs) => {
        const heard = stitched(words, pausesOf(words, 300), maxMs);
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
        expect(stitched(words, [], maxMs).map((word) => word.text)).toEqual(words.map((word) => word.text));
      }),
    );
  });

  test('chunks that share no word change over in the middle of their overlap', () => {
    const chunk = (startMs: number, endMs: number): SpeechChunk => {
      const span = { startMs: sourceMs(startMs), endMs: sourceMs(endMs) };
      return { ...span, source: [span] };
    };
    const word = (text: string, startMs: number): Word<ClipMs> => ({
      text,
      startMs: clipMs(startMs),
      endMs: clipMs(startMs + 100),
    });
    const heard = stitch([
      { chunk: chunk(0, 10_000), words: [word('a', 100), word('b', 6000), word('c', 9000)] },
      { chunk: chunk(5000, 15_000), words: [word('x', 500), word('y', 4000), word('z', 9000)] },
    ]);
    expect(heard.map(({ text, startMs }) => [text, startMs])).toEqual([
      ['a', 100],
      ['b', 6000],
      ['y', 9000],
      ['z', 14_000],
    ]);
  });
});
