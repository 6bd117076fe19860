import { topicShifts } from '#language/topic-shifts.ts';
import type { Lexicon } from './lexicon.ts';
import type { Ranked } from './ranking.ts';

/** Cuts a talk into at most `most` stretches where it turns to another topic the most. In order, none empty. */
export function topicsOf(
  sentences: readonly Ranked[],
  { most, lexicon }: { most: number; lexicon: Lexicon },
): Ranked[][] {
  const shifts = topicShifts(
    sentences.map(({ roots, pauseBeforeMs, text }) => ({ roots, pauseBeforeMs, announces: lexicon.turns.test(text) })),
  );
  const least = Math.max(3, Math.floor(sentences.length / (most * 2)));
  const cuts: number[] = [];
  const gaps = shifts
    .map((shift, at) => ({ at, shift }))
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
