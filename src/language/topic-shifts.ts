import { likeness } from './likeness.ts';

/** A sentence as far as it can tell where a talk turns to another topic. */
export interface Heard {
  /** Of its words of content, repeated as spoken. */
  readonly roots: readonly string[];
  readonly pauseBeforeMs: number;
  /** Whether it says that something else comes now. */
  readonly announces: boolean;
}

/** Sentences that are compared on each side of a gap. */
const reach = 8;

/**
 * How much speaks for a new topic at each sentence, 0 to about 3: after Hearst's TextTiling the depth of the dip of
 * likeness between what is said before and from it on, a long pause, and that the speaker announces it.
 */
export function topicShifts(said: readonly Heard[], within = reach): number[] {
  const likenesses = said.map((_, at) => likenessAt(said, at, within));
  return said.map(
    (heard, at) => depthAt(likenesses, at) + 0.3 * paused(heard.pauseBeforeMs) + (heard.announces ? 0.5 : 0),
  );
}

const rootsOf = (said: readonly Heard[]): string[] => said.flatMap(({ roots }) => roots);

const likenessAt = (said: readonly Heard[], at: number, within: number): number =>
  likeness(rootsOf(said.slice(Math.max(0, at - within), at)), rootsOf(said.slice(at, at + within)));

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
const paused = (pauseMs: number): number => Math.min(1, Math.max(0, pauseMs - 300) / 1_200);
