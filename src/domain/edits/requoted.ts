import { joinWords } from '#timeline/word-timing.ts';
import type { Change, Hunk } from './change.ts';

/**
 * A quote of a sentence, or of its beginning, as the sentence reads after an edit. What was joined or split only is
 * still there word for word; a quote of a sentence that was taken out stays what was said.
 */
export function requoted(quote: string, { before, after }: Change): string {
  for (const [at, hunk] of before.hunks.entries()) {
    const quoted = hunk.segments.find(({ text }) => text.startsWith(quote));
    const now = after.hunks[at];
    if (!quoted || !now || textOf(now).includes(quote)) continue;
    const same =
      now.segments.find(({ id }) => id === quoted.id) ?? now.segments.find((one) => one.endMs > quoted.startMs);
    if (same)
      return beginning(same.text, quote === quoted.text ? Number.POSITIVE_INFINITY : quote.split(/\s+/u).length);
  }
  return quote;
}

const textOf = ({ segments }: Hunk): string => joinWords(segments.map(({ text }) => text));

/** The first words of a text exactly as written. */
function beginning(text: string, words: number): string {
  const end = [...text.matchAll(/\S+/gu)][words - 1];
  return end === undefined ? text : text.slice(0, end.index + end[0].length);
}
