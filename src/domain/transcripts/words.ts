import { z } from 'zod';
import { sourceMs, type Word } from '#base/time.ts';

const tuple = z.union([z.tuple([z.int(), z.int(), z.string()]), z.tuple([z.int(), z.int(), z.string(), z.number()])]);

/** How words lie in their column: [startMs, endMs, text, confidence?] is a third of the size of named fields. */
const stored = z.array(tuple);

export type StoredWord = Word;

/** A segment's words column, read back. */
export const wordsOf = (column: unknown): Word[] =>
  stored.parse(column).map(([startMs, endMs, text, confidence]) => ({
    startMs: sourceMs(startMs),
    endMs: sourceMs(endMs),
    text,
    ...(confidence !== undefined && { confidence }),
  }));

/** Words as they are written to the column. */
export const columnOf = (words: readonly Word[]) =>
  words.map(({ startMs, endMs, text, confidence }) =>
    confidence === undefined ? [startMs, endMs, text] : [startMs, endMs, text, confidence],
  );
