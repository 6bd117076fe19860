import { z } from 'zod';
import { type ClipMs, clipMs, type Word } from '#base/time.ts';

/** What a recogniser heard in one file, on that file's own timeline. */
export interface Heard {
  /** BCP 47. */
  readonly language: string;
  readonly words: readonly Word<ClipMs>[];
}

/** Words as `[startMs, endMs, text, confidence?]`: half the bytes of objects, and an hour of speech has nine thousand. */
const storedHeard = z.object({
  language: z.string(),
  words: z.array(z.tuple([z.number(), z.number(), z.string()]).rest(z.number())),
});

/** What was heard as it is remembered. */
export const heardColumn = ({ language, words }: Heard): z.input<typeof storedHeard> => ({
  language,
  words: words.map(({ startMs, endMs, text, confidence }) =>
    confidence === undefined ? [startMs, endMs, text] : [startMs, endMs, text, confidence],
  ),
});

/** What was remembered, read back. Throws ZodError for anything else. */
export function heardIn(column: unknown): Heard {
  const { language, words } = storedHeard.parse(column);
  return {
    language,
    words: words.map(([startMs, endMs, text, confidence]) => ({
      text,
      startMs: clipMs(startMs),
      endMs: clipMs(endMs),
      ...(confidence !== undefined && { confidence }),
    })),
  };
}
