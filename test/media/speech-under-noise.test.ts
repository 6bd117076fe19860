import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { durationOf, type Span, sourceMs, type Word } from '#base/time.ts';
import { levelMeter } from '#media/sound-levels.ts';
import { type Silence, silencesOf } from '#media/speech-activity.ts';
import { withoutUnheard } from '#providers/inventions.ts';
import { type Bed, beds, decoded } from '../support/beds.ts';

// Half of the sample talk under noise and music, by decibels below the speech: where its pauses are is known to 5 ms.

const halfMs = 75_000;
const truth = z.object({
  sentences: z.array(z.object({ words: z.array(z.tuple([z.string(), z.int(), z.int()])) })),
});

let speech: Float32Array;
let words: Word[];
let pauses: Span<number>[];
/** Mean energy of the words. */
let energy: number;

beforeAll(async () => {
  speech = await decoded(['-t', String(halfMs / 1000), '-i', 'samples/talk.mp4']);
  const { sentences } = truth.parse(JSON.parse(await readFile('samples/talk.truth.json', 'utf8')));
  const all = sentences.flatMap((sentence) => sentence.words.map(([text, ...edges]) => wordOf(text, edges)));
  words = all.filter(({ endMs }) => endMs < halfMs);
  const ends = words.map(({ endMs }, at) => ({ startMs: endMs, endMs: words[at + 1]?.startMs ?? endMs }));
  pauses = ends.filter((pause) => durationOf(pause) >= 350);
  energy = meanSquare(words.map(({ startMs, endMs }) => speech.subarray(startMs * 16, endMs * 16)));
});

const wordOf = (text: string, [startMs, endMs]: [number, number]): Word => ({
  text,
  startMs: sourceMs(startMs),
  endMs: sourceMs(endMs),
});

const meanSquare = (parts: readonly Float32Array[]): number => {
  const sum = parts.reduce((all, part) => all + part.reduce((some, value) => some + value * value, 0), 0);
  return sum / parts.reduce((all, { length }) => all + length, 0);
};

const made: Partial<Record<Bed, Float32Array>> = {};

async function silencesUnder(bed: Bed, below: number): Promise<Silence[]> {
  const noise = (made[bed] ??= await beds[bed](speech.length));
  const gain = Math.sqrt(energy / meanSquare([noise])) * 10 ** (-below / 20);
  const meter = levelMeter();
  meter.push(Int16Array.from(speech, (value, at) => clipped(value + gain * (noise[at] ?? 0))));
  return silencesOf(meter);
}

const clipped = (value: number): number => Math.max(-32_768, Math.min(32_767, Math.round(value)));

const sharedMs = (span: Span<number>, silences: readonly Span[]): number =>
  silences.reduce((sum, { startMs, endMs }) => {
    return sum + Math.max(0, Math.min(span.endMs, endMs) - Math.max(span.startMs, startMs));
  }, 0);

/** What became of pauses and words: those that were found, those that are cut into, those taken for invented. */
const judged = (silences: readonly Span[]) => ({
  found: pauses.filter((pause) => sharedMs(pause, silences) >= durationOf(pause) / 2).length,
  touched: words.filter((word) => sharedMs(word, silences) > 120).length,
  lost: words.length - withoutUnheard(words, silences).length,
});

describe('pauses of a talk', () => {
  test.each([
    ['pink', 18],
    ['pink', 15],
    ['white', 24],
    ['hum', 9],
    ['whistle', 12],
    ['music', 12],
    ['band', 18],
  ] as const)('are all found and no word is lost with %s at -%i dB', async (bed, below) => {
    const { found, touched, lost } = judged(await silencesUnder(bed, below));
    expect({ found, lost }).toEqual({ found: pauses.length, lost: 0 });
    expect(touched).toBeLessThanOrEqual(1);
  });

  test.each([
    ['pink', 12],
    ['whistle', 9],
    ['music', 6],
    ['band', 6],
  ] as const)('are found for the most part with %s at -%i dB, and no word is lost', async (bed, below) => {
    const { found, touched, lost } = judged(await silencesUnder(bed, below));
    expect(found).toBeGreaterThanOrEqual(0.7 * pauses.length);
    expect(touched).toBeLessThanOrEqual(0.02 * words.length);
    expect(lost).toBe(0);
  });

  test.each([
    ['pink', 9],
    ['white', 18],
    ['whistle', 6],
  ] as const)('are given up with %s at -%i dB: all is taken for speech', async (bed, below) => {
    expect(await silencesUnder(bed, below)).toEqual([]);
  });
});
