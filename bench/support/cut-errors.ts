import type { Span } from '#base/time.ts';
import type { TrueWord } from './talk.ts';

/** How clips stand to the words that were said. */
export interface CutErrors {
  readonly clips: number;
  /** Edges of kept parts: where a clip begins, ends, and leaves something out. */
  readonly edges: number;
  /** How deep each edge that cuts into a word cuts, in milliseconds. */
  readonly depths: readonly number[];
  readonly startAtSentence: number;
  readonly endAtSentence: number;
}

/** A word's own edges are known to the sample, but kept to the millisecond. */
const edgeMs = 1;

/** Holds the cuts of clips, each a list of kept parts in order, against the true words. */
export function cutErrors(clips: readonly (readonly Span[])[], words: readonly TrueWord[]): CutErrors {
  const edges = clips.flat().flatMap(({ startMs, endMs }) => [startMs, endMs]);
  const depths = edges.flatMap((edge) =>
    words
      .filter((word) => word.startMs + edgeMs < edge && edge < word.endMs - edgeMs)
      .map((word) => Math.min(edge - word.startMs, word.endMs - edge)),
  );
  return {
    clips: clips.length,
    edges: edges.length,
    depths,
    startAtSentence: clips.filter((cuts) => heardIn(cuts, words).at(0)?.startsSentence).length,
    endAtSentence: clips.filter((cuts) => heardIn(cuts, words).at(-1)?.endsSentence).length,
  };
}

/** The words whose middle is kept. */
const heardIn = (cuts: readonly Span[], words: readonly TrueWord[]): TrueWord[] =>
  words.filter((word) => {
    const middle = (word.startMs + word.endMs) / 2;
    return cuts.some((cut) => cut.startMs <= middle && middle < cut.endMs);
  });
