import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { durationOf, type Span, sourceMs, type Word } from '#base/time.ts';
import { levelMeter } from '#media/sound-levels.ts';
import { silencesOf } from '#media/speech-activity.ts';
import { withoutUnheard } from '#providers/inventions.ts';
import { type Bed, beds, decoded } from './beds.ts';

const talk = 'samples/talk';
const truth = z.object({
  sentences: z.array(z.object({ words: z.array(z.tuple([z.string(), z.int(), z.int()])) })),
});

/**
 * What became of the talk's pauses: all are found and no word is cut into for more than 120 ms; at least seven in ten are,
 * at the price of at most one word in fifty; less; or nothing is taken for a pause, so that all is speech.
 */
export type Found = 'all' | 'most' | 'some' | 'none';

/** The sample talk, of which the edges of all words are known to 5 ms. */
interface SpokenTalk {
  readonly words: readonly Word[];
  /** Those of 0.35 s and more. */
  readonly pauses: readonly Span<number>[];
  /** What is found under a bed so many decibels below the speech, and how many words would be dropped as invented. */
  under(bed: Bed, below: number): Promise<{ readonly found: Found; readonly lost: number }>;
}

/** Reads the sample talk. */
export async function openSpokenTalk(): Promise<SpokenTalk> {
  const speech = await decoded(['-i', `${talk}.mp4`]);
  const words = await spokenWords();
  const ends = words.map(({ endMs }, at) => ({ startMs: endMs, endMs: words[at + 1]?.startMs ?? endMs }));
  const pauses = ends.filter((pause) => durationOf(pause) >= 350);
  const energy = meanSquare(words.map(({ startMs, endMs }) => speech.subarray(startMs * 16, endMs * 16)));
  const made: Partial<Record<Bed, Promise<Float32Array>>> = {};
  return {
    words,
    pauses,
    async under(bed, below) {
      const noise = await (made[bed] ??= beds[bed](speech.length));
      const gain = Math.sqrt(energy / meanSquare([noise])) * 10 ** (-below / 20);
      return judged({ words, pauses }, mixed(speech, noise, gain));
    },
  };
}

async function spokenWords(): Promise<Word[]> {
  const { sentences } = truth.parse(JSON.parse(await readFile(`${talk}.truth.json`, 'utf8')));
  return sentences.flatMap(({ words }) =>
    words.map(([text, startMs, endMs]) => ({ text, startMs: sourceMs(startMs), endMs: sourceMs(endMs) })),
  );
}

const meanSquare = (parts: readonly Float32Array[]): number => {
  const sum = parts.reduce((all, part) => all + part.reduce((some, value) => some + value * value, 0), 0);
  return sum / parts.reduce((all, { length }) => all + length, 0);
};

function mixed(speech: Float32Array, noise: Float32Array, gain: number): Int16Array {
  const both = new Int16Array(speech.length);
  for (const [at, value] of speech.entries()) both[at] = clipped(value + gain * (noise[at] ?? 0));
  return both;
}

const clipped = (value: number): number => Math.max(-32_768, Math.min(32_767, Math.round(value)));

function judged({ words, pauses }: Pick<SpokenTalk, 'words' | 'pauses'>, sound: Int16Array) {
  const meter = levelMeter();
  meter.push(sound);
  const silences = silencesOf(meter);
  const found = pauses.filter((pause) => sharedMs(pause, silences) >= durationOf(pause) / 2).length / pauses.length;
  const cutInto = words.filter((word) => sharedMs(word, silences) > 120).length / words.length;
  const lost = words.length - withoutUnheard(words, silences).length;
  return { found: silences.length === 0 ? 'none' : shareFound(found, cutInto), lost } as const;
}

function shareFound(found: number, cutInto: number): Found {
  if (found === 1 && cutInto === 0) return 'all';
  return found >= 0.7 && cutInto <= 0.02 ? 'most' : 'some';
}

const sharedMs = (span: Span<number>, silences: readonly Span[]): number =>
  silences.reduce((sum, { startMs, endMs }) => {
    return sum + Math.max(0, Math.min(span.endMs, endMs) - Math.max(span.startMs, startMs));
  }, 0);
