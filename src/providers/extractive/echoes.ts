import type { Sentence } from './sentences.ts';
import { wordsOf } from './words.ts';

/** Shorter sentences are repeated on purpose, and so are neighbours: "it will not be easy for us, it will not ...". */
const fewestWords = 6;
const nearest = 4;
/** "We plotted the queue by hour" and "we plotted the worker by hour": a form, filled in again. */
const leastShared = 0.75;

/** Places of the sentences that say again, in nearly the same words, what was said a while before. */
export function echoes(sentences: readonly Sentence[]): ReadonlySet<number> {
  const said: { at: number; words: ReadonlySet<string> }[] = [];
  const repeated = new Set<number>();
  for (const { at, text, wordCount } of sentences) {
    if (wordCount < fewestWords) continue;
    const words = new Set(wordsOf(text.toLowerCase()));
    if (said.some((other) => at - other.at >= nearest && areAlike(words, other.words))) repeated.add(at);
    else said.push({ at, words });
  }
  return repeated;
}

/** Gives up at the word that decides it: every sentence is compared with all before it. */
function areAlike(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const most = Math.max(a.size, b.size);
  let missing = most - a.size;
  for (const word of a) {
    if (!b.has(word)) missing += 1;
    if (missing > most * (1 - leastShared)) return false;
  }
  return true;
}
