import { durationOf, type Span, sourceMs } from '#base/time.ts';
import type { VoicedPart, VoicedWord } from './voices.ts';
import { plainWord } from './word-timing.ts';

/** Two recognitions of the same word may be this far apart; measured jitter is 10 to 300 ms. */
const sameWordMs = 600;

/**
 * The words of chunks in order as one list. Where chunks overlap, the longest run of equal words is found and the list
 * changes over in its middle: no word is lost or doubled. Starts never decrease.
 */
export function stitch(chunks: readonly VoicedPart[]): VoicedWord[] {
  let words: VoicedWord[] = [];
  let endMs = sourceMs(0);
  for (const { startMs, words: next, ...chunk } of chunks) {
    words = startMs < endMs ? joined(words, next, { startMs, endMs }) : [...words, ...next];
    endMs = chunk.endMs;
  }
  return inOrder(words);
}

function joined(before: readonly VoicedWord[], after: readonly VoicedWord[], overlap: Span): VoicedWord[] {
  const tailFrom = firstIndex(before, (word) => word.endMs > overlap.startMs);
  const tail = before.slice(tailFrom);
  const head = after.slice(
    0,
    firstIndex(after, (word) => word.startMs >= overlap.endMs),
  );
  const run = longestRun(tail, head);
  if (run.length === 0) return changedOverAt(before, after, (overlap.startMs + overlap.endMs) / 2);
  const half = run.length >> 1;
  return [...before.slice(0, tailFrom + run.tailAt + half), ...after.slice(run.headAt + half)];
}

const firstIndex = (words: readonly VoicedWord[], fits: (word: VoicedWord) => boolean): number => {
  const index = words.findIndex(fits);
  return index < 0 ? words.length : index;
};

interface Run {
  readonly tailAt: number;
  readonly headAt: number;
  readonly length: number;
}

/** Longest common run of words that are also close in time; an overlap of 5 s has about 15 words. */
function longestRun(tail: readonly VoicedWord[], head: readonly VoicedWord[]): Run {
  let best: Run = { tailAt: 0, headAt: 0, length: 0 };
  for (let tailAt = 0; tailAt < tail.length; tailAt++) {
    for (let headAt = 0; headAt < head.length; headAt++) {
      let length = 0;
      while (sameWord(tail[tailAt + length], head[headAt + length])) length++;
      if (length > best.length) best = { tailAt, headAt, length };
    }
  }
  return best;
}

const sameWord = (a: VoicedWord | undefined, b: VoicedWord | undefined): boolean =>
  a !== undefined &&
  b !== undefined &&
  plainWord(a.text) === plainWord(b.text) &&
  Math.abs(a.startMs - b.startMs) <= sameWordMs;

/** Nothing in common: each side keeps what lies on its side of the middle, a word heard on both sides once. */
function changedOverAt(before: readonly VoicedWord[], after: readonly VoicedWord[], at: number): VoicedWord[] {
  const middleOf = (word: VoicedWord): number => word.startMs + durationOf(word) / 2;
  const kept = before.filter((word) => middleOf(word) < at);
  const added = after.filter((word) => middleOf(word) >= at);
  return [...kept, ...(sameWord(kept.at(-1), added[0]) ? added.slice(1) : added)];
}

/** Jitter at a join may put a word a few milliseconds before its predecessor. */
function inOrder(words: readonly VoicedWord[]): VoicedWord[] {
  let latest = sourceMs(0);
  return words.map((word) => {
    latest = sourceMs(Math.max(latest, word.startMs));
    return { ...word, startMs: latest, endMs: sourceMs(Math.max(latest, word.endMs)) };
  });
}
