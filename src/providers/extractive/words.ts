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

/**
 * The first six letters without a plural's ending: groups inflections in most languages without a dictionary. Five
 * joined unrelated words (`conte-nt`, `conte-st`), seven kept `deleted` and `deleting` apart.
 */
export function rootOf(word: string): string {
  const bare = word
    .toLowerCase()
    .normalize('NFC')
    .replace(/['’]\p{L}+$/u, '');
  return (bare.length > 4 ? bare.replace(/(?:es|en|s|e)$/u, '') : bare.replace(/s$/u, '')).slice(0, 6);
}

/** How often each thing occurs. */
export function tally<T>(things: Iterable<T>): Map<T, number> {
  const counts = new Map<T, number>();
  for (const thing of things) counts.set(thing, (counts.get(thing) ?? 0) + 1);
  return counts;
}

/** Cosine of two bags of roots, 0 to 1. */
export function likeness(a: readonly string[], b: readonly string[]): number {
  const [left, right] = [tally(a), tally(b)];
  let dot = 0;
  for (const [root, count] of left) dot += count * (right.get(root) ?? 0);
  return dot === 0 ? 0 : dot / (norm(left) * norm(right));
}

const norm = (bag: ReadonlyMap<string, number>): number =>
  Math.sqrt([...bag.values()].reduce((sum, count) => sum + count * count, 0));
