import { z } from 'zod';
import { type ClipMs, clipMs, type Span, type Word } from '#base/time.ts';

/** What a recogniser heard in one file, on that file's own timeline. */
export interface Heard {
  /** BCP 47; `und` where the recogniser does not say. */
  readonly language: string;
  readonly words: readonly Word<ClipMs>[];
  /** Instead of words, from a recogniser that tells voices apart and times no words. */
  readonly turns: readonly Turn[];
  /** Words that the recogniser's own figures call invented; they are not among the others. */
  readonly inventedWords: number;
}

/** What one voice said without a break. `speaker` means something in this file only. */
export interface Turn extends Span<ClipMs> {
  readonly text: string;
  readonly speaker: string;
}

/** Words as `[startMs, endMs, text, confidence?]`: half the bytes of objects, and an hour of speech has nine thousand. */
const storedHeard = z.object({
  language: z.string(),
  words: z.array(z.tuple([z.number(), z.number(), z.string()]).rest(z.number())),
  turns: z.array(z.tuple([z.number(), z.number(), z.string(), z.string()])).default([]),
  inventedWords: z.int().default(0),
});

/** What was heard as it is remembered. */
export const heardColumn = ({ words, turns, ...heard }: Heard): z.input<typeof storedHeard> => ({
  ...heard,
  words: words.map(({ startMs, endMs, text, confidence }) =>
    confidence === undefined ? [startMs, endMs, text] : [startMs, endMs, text, confidence],
  ),
  turns: turns.map(({ startMs, endMs, text, speaker }) => [startMs, endMs, text, speaker]),
});

/** What was remembered, read back. Throws ZodError for anything else. */
export function heardIn(column: unknown): Heard {
  const { words, turns, ...heard } = storedHeard.parse(column);
  return {
    ...heard,
    words: words.map(([startMs, endMs, text, confidence]) => ({
      text,
      startMs: clipMs(startMs),
      endMs: clipMs(endMs),
      ...(confidence !== undefined && { confidence }),
    })),
    turns: turns.map(([startMs, endMs, text, speaker]) => ({
      startMs: clipMs(startMs),
      endMs: clipMs(endMs),
      text,
      speaker,
    })),
  };
}
