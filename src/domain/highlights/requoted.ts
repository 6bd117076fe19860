import type { Span } from '#base/time.ts';
import { joinWords } from '#timeline/word-timing.ts';

/** A sentence as it reads. */
interface Said extends Span {
  readonly id: string;
  readonly text: string;
}

/** Sentences that stood together, and those that stand in their place. */
export interface Rewording {
  readonly before: readonly Said[];
  readonly after: readonly Said[];
}

/**
 * A quote of a sentence, or of its beginning, as the sentence reads now. What was joined or split only is still there
 * word for word; a quote of a sentence that was taken out stays what was said.
 */
export function requoted(quote: string, rewordings: readonly Rewording[]): string {
  for (const { before, after } of rewordings) {
    const quoted = before.find(({ text }) => text.startsWith(quote));
    if (!quoted || joinWords(after.map(({ text }) => text)).includes(quote)) continue;
    const same = after.find(({ id }) => id === quoted.id) ?? sameTime(quoted, after);
    if (same)
      return beginning(same.text, quote === quoted.text ? Number.POSITIVE_INFINITY : quote.split(/\s+/u).length);
  }
  return quote;
}

/** The one that is said while the quoted one was; of equals the first. */
function sameTime(quoted: Said, after: readonly Said[]): Said | undefined {
  const sharedMs = (one: Said): number => Math.min(one.endMs, quoted.endMs) - Math.max(one.startMs, quoted.startMs);
  const [nearest] = after.toSorted((a, b) => sharedMs(b) - sharedMs(a));
  return nearest && sharedMs(nearest) > 0 ? nearest : undefined;
}

/** The first words of a text exactly as written. */
function beginning(text: string, words: number): string {
  const end = [...text.matchAll(/\S+/gu)][words - 1];
  return end === undefined ? text : text.slice(0, end.index + end[0].length);
}
