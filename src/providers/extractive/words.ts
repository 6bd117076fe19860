import { rootOf } from '#language/likeness.ts';
import type { Lexicon } from './lexicon.ts';

const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });

/** The words of a text as written; scripts without spaces are cut by the Unicode rules and the dictionary of ICU. */
export function wordsOf(text: string): string[] {
  return [...segmenter.segment(text)].filter(({ isWordLike }) => isWordLike).map(({ segment }) => segment);
}

/** Roots of the words that carry meaning. */
export function contentRoots(words: readonly string[], lexicon: Lexicon): string[] {
  return words.filter((word) => isContent(word, lexicon)).map(rootOf);
}

/** Whether a word may tell one topic from another: no stop word, no lone letter. Single ideographs count. */
function isContent(word: string, lexicon: Lexicon): boolean {
  const lower = word.toLowerCase();
  const stem = lower.replace(/['’]\p{L}+$/u, '');
  if (
    lexicon.stopwords.has(lower) ||
    lexicon.stopwords.has(stem) ||
    lexicon.stopwords.has(lower.replaceAll('’', "'"))
  ) {
    return false;
  }
  return /\p{L}/u.test(word) && (stem.length > 2 || /\p{Lo}/u.test(word));
}
