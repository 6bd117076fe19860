import { likeness } from '#language/likeness.ts';
import { joined } from './joined.ts';
import type { Ranked } from './ranking.ts';

/** Neighbouring sentences that can be read without the rest of the talk. */
export interface Passage {
  readonly sentences: readonly Ranked[];
  readonly score: number;
}

/** What is wanted of passages. `fits` sees the text as it would be printed. */
export interface Wanted {
  readonly count: number;
  readonly mostSentences: number;
  readonly leastSentences?: number;
  readonly fits: (text: string) => boolean;
  /** Whether a text is long enough to be printed alone; by default any is. */
  readonly fills?: (text: string) => boolean;
}

/**
 * The best passages of the stretches, at most `count`, in the order of the talk: first the best of each stretch, so
 * that the whole talk is there, then the best of what is left. Repetition costs (maximal marginal relevance).
 */
export function choosePassages(topics: readonly (readonly Ranked[])[], wanted: Wanted): Passage[] {
  const pools = topics.map((topic) => candidates(topic, wanted));
  const chosen: Passage[] = [];
  const take = (pool: readonly Passage[]): boolean => {
    const best = chosen.length < wanted.count ? bestOf(pool, chosen) : undefined;
    if (best) chosen.push(best);
    return best !== undefined;
  };
  for (const pool of [...pools].sort((a, b) => topScore(b) - topScore(a))) take(pool);
  const all = pools.flat();
  while (take(all));
  return inOrder(chosen);
}

/** The longest passage that starts with the first of these sentences and ends where its thought does; else the longest. */
export function longestFrom(sentences: readonly Ranked[], wanted: Wanted): Passage | undefined {
  const runs = runsFrom(sentences, wanted);
  return runs.findLast((run) => endsWhole(run.sentences)) ?? runs.at(-1);
}

/** Whether nothing that follows is needed to take the last sentence as it was meant. */
function endsWhole(sentences: readonly Ranked[]): boolean {
  const last = sentences.at(-1);
  return last !== undefined && !last.leadsOn && !last.trailed;
}

/** Passages in the order of the talk. */
const inOrder = (passages: readonly Passage[]): Passage[] =>
  [...passages].sort((a, b) => (a.sentences[0]?.at ?? 0) - (b.sentences[0]?.at ?? 0));

/** The passage as it is printed, sentence by sentence. */
export const printed = ({ sentences }: Passage): { text: string; lines: readonly number[] }[] =>
  sentences.map(({ first, text, lines }, index) => ({ text: index === 0 ? first : text, lines }));

/** The passage as one text. */
export const textOf = (passage: Passage): string => joined(printed(passage).map(({ text }) => text));

const topScore = (pool: readonly Passage[]): number => Math.max(0, ...pool.map(({ score }) => score));

/** Every run of sentences that opens and closes well. */
const candidates = (topic: readonly Ranked[], wanted: Wanted): Passage[] =>
  topic.flatMap((_, start) => runsFrom(topic.slice(start), wanted));

/** Runs from the first sentence on, short to long. Noise ends a run: it stands for something that was cut. */
function runsFrom(sentences: readonly Ranked[], wanted: Wanted): Passage[] {
  const found: Passage[] = [];
  if (sentences[0] === undefined || sentences[0].leans) return found;
  for (const [at, last] of sentences.slice(0, wanted.mostSentences).entries()) {
    if (last.noise) break;
    const run = sentences.slice(0, at + 1);
    const passage = { sentences: run, score: scoreOf(run, sentences[at + 1]) };
    const text = textOf(passage);
    if (!wanted.fits(text)) break;
    const fills = run.length >= (wanted.leastSentences ?? 1) && (wanted.fills?.(text) ?? true);
    if (fills && !last.opensMore) found.push(passage);
  }
  return found;
}

/** Mean of the sentences, a little for each further one, for whole paragraphs of the speaker and against torn ones. */
function scoreOf(sentences: readonly Ranked[], next: Ranked | undefined): number {
  const mean = sentences.reduce((sum, { score }) => sum + score, 0) / sentences.length;
  const [opening] = sentences;
  const closesParagraph = next === undefined || next.opensParagraph;
  const torn = sentences.slice(1).some(({ opensParagraph }) => opensParagraph);
  return (
    mean +
    0.07 * Math.min(3, sentences.length - 1) +
    0.06 * Number(opening?.opensParagraph) +
    0.08 * Number(closesParagraph) -
    0.25 * Number(torn) -
    0.3 * Number(!endsWhole(sentences)) -
    0.25 * Number(opening?.vague)
  );
}

function bestOf(pool: readonly Passage[], chosen: readonly Passage[]): Passage | undefined {
  const taken = new Set(chosen.flatMap(({ sentences }) => sentences.map(({ at }) => at)));
  const free = pool.filter(({ sentences }) => sentences.every(({ at }) => !taken.has(at)));
  const chosenRoots = chosen.map(rootsOf);
  return free
    .map((passage) => ({ passage, worth: passage.score - 0.5 * repetition(rootsOf(passage), chosenRoots) }))
    .sort((a, b) => b.worth - a.worth)[0]?.passage;
}

const rootsOf = ({ sentences }: Passage): string[] => sentences.flatMap(({ roots }) => roots);

const repetition = (roots: readonly string[], chosen: readonly (readonly string[])[]): number =>
  chosen.reduce((most, other) => Math.max(most, likeness(roots, other)), 0);
