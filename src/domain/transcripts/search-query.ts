import { z } from 'zod';
import { isStorable } from '#base/line.ts';
import { Problem } from '#base/problem.ts';
import { unspacedLetters } from '#language/unspaced-scripts.ts';

const typed = z
  .string()
  .max(200, { abort: true, error: 'A search takes at most 200 characters.' })
  .refine(isStorable, { abort: true, error: 'A search must not contain NUL or half a character.' })
  .transform((query) => query.normalize('NFC').trim())
  .pipe(z.string().min(1, 'A search takes at least one word.'));

const unspaced = new RegExp(`[${unspacedLetters}]+`, 'gu');

/**
 * What somebody typed into a search, as `websearch_to_tsquery` takes it: a word of a script without spaces becomes the
 * phrase of its letters, as it is indexed. INVALID_INPUT for nothing, for too much, and for what is no text.
 */
export function searchQuery(given: string): string {
  const { data, error } = typed.safeParse(given);
  if (data === undefined) throw new Problem('INVALID_INPUT', { reason: error.issues[0]?.message });
  return data
    .split('"')
    .map((part, at) => part.replace(unspaced, (run) => phrase(Array.from(run).join(' '), at % 2 === 1)))
    .join('"');
}

/** Between quotes letters in a row are a phrase already. */
const phrase = (letters: string, quoted: boolean): string => (quoted ? ` ${letters} ` : `"${letters}" `);
