import type { Lexicon } from './lexicon.ts';
import type { Ranked } from './ranking.ts';
import { likeness } from './words.ts';

/** Sentences that are compared on each side of a gap. */
const reach = 8;

/**
 * Cuts a talk into at most `most` stretches where its words change (after Hearst's TextTiling: the depth of the dip of
 * likeness between both sides), where a long pause falls, or where the speaker announces it. In order, none empty.
 */
export function topicsOf(
  sentences: readonly Ranked[],
  { most, lexicon }: { most: number; lexicon: Lexicon },
): Ranked[][] {
  const likenesses = sentences.map((_, at) => likenessAt(sentences, at));
  const least = Math.max(3, Math.floor(sentences.length / (most * 2)));
  const cuts: number[] = [];
  const gaps = sentences
    .map((sentence, at) => ({
      at,
      shift: depthAt(likenesses, at) + 0.3 * paused(sentence) + announced(sentences, { at, lexicon }),
    }))
    .filter(({ at }) => at >= least && at <= sentences.length - least)
    .sort((a, b) => b.shift - a.shift || a.at - b.at);
  for (const { at } of gaps) {
    if (cuts.length >= most - 1) break;
    if (cuts.every((cut) => Math.abs(cut - at) >= least)) cuts.push(at);
  }
  const edges = [0, ...cuts.sort((a, b) => a - b), sentences.length];
  return edges.slice(1).flatMap((end, index) => {
    const topic = sentences.slice(edges[index], end);
    return topic.length > 0 ? [topic] : [];
  });
}

const rootsOf = (sentences: readonly Ranked[]): string[] => sentences.flatMap((sentence) => sentence.roots);

const likenessAt = (sentences: readonly Ranked[], at: number): number =>
  likeness(rootsOf(sentences.slice(Math.max(0, at - reach), at)), rootsOf(sentences.slice(at, at + reach)));

/** How far the likeness dips at a gap below the nearest peaks on both sides. */
function depthAt(likenesses: readonly number[], at: number): number {
  const here = likenesses[at] ?? 0;
  return climb(likenesses, { at, step: -1 }) + climb(likenesses, { at, step: 1 }) - 2 * here;
}

function climb(likenesses: readonly number[], { at, step }: { at: number; step: 1 | -1 }): number {
  let peak = likenesses[at] ?? 0;
  for (let next = at + step; (likenesses[next] ?? -1) >= peak; next += step) peak = likenesses[next] ?? peak;
  return peak;
}

/** 0 to 1: a pause of 1.5 s or more is a full one. */
const paused = (sentence: Ranked): number => Math.min(1, Math.max(0, sentence.pauseBeforeMs - 300) / 1_200);

/** The announcement belongs to what it announces. */
const announced = (sentences: readonly Ranked[], { at, lexicon }: { at: number; lexicon: Lexicon }): number =>
  lexicon.turns.test(sentences[at]?.text ?? '') ? 0.5 : 0;
