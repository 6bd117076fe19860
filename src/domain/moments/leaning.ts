import { contentWords } from '#language/content-words.ts';
import type { TranscriptLine } from '#providers/language-model.ts';
import { wordTexts } from '#timeline/word-timing.ts';
import { begins, found, lexiconOf } from './lexicon.ts';

/** Whether a text asks. */
export const asks = (text: string): boolean => /[?？؟\u037e]["'”’»)\]」]*$/u.test(text.trim());

/** A sentence opens within its first words; a pronoun later on may mean what was named in between. */
const openingWords = 4;
/** An answer follows its question at once; after a longer pause something else begins. */
const answerWithinMs = 2_500;

/**
 * How much each line leans on what was said before it, 0 to 1: it opens with a conjunction, on a pronoun that names
 * nothing yet, in the middle of a sentence, or it answers a question. The first line of the talk has nothing to lean on.
 */
export function leaningOf(lines: readonly TranscriptLine[], language: string): number[] {
  const lexicon = lexiconOf(language);
  const contentOf = contentWords(language);
  const cased = isCased(lines);
  return lines.map(({ text, startMs }, at) => {
    const before = lines[at - 1];
    if (!before) return 0;
    if (begins(lexicon.openers, text)) return 1;
    if (asks(before.text) && !asks(text) && startMs - before.endMs < answerWithinMs) return 1;
    if (cased && /^\P{L}*\p{Ll}/u.test(text)) return 1;
    const named = contentOf(text)[0]?.at ?? Number.POSITIVE_INFINITY;
    const opening = wordTexts(text).slice(0, Math.min(openingWords, named)).join(' ');
    return found(lexicon.pronouns, opening) > 0 ? 0.8 : 0;
  });
}

/** Whether sentences are written with a capital at their start, so that a small letter is the middle of one. */
function isCased(lines: readonly TranscriptLine[]): boolean {
  const capitals = lines.filter(({ text }) => /^\P{L}*\p{Lu}/u.test(text)).length;
  return capitals >= lines.length * 0.6;
}
