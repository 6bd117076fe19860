import { durationOf } from '#base/time.ts';
import type { Rectangle } from './crop-plan.ts';
import type { LayoutFrames } from './layout-frames.ts';
import { type MotionMap, typicalMotion, unlikeness } from './layout-motion.ts';
import { glanced, type Sight, seen } from './layout-sight.ts';

/** Pairs of successive key frames, end excluded, that show the same layout. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly sight: Sight;
}

/** A layout that is gone sooner is not worth another picture: it counts as its longer neighbour. */
const shortestMs = 10_000;
const fewestPairs = 3;

/** The layouts of a recording, one after the other: roughly by glances, then each by a look at all of it. */
export function stretchesOf(frames: LayoutFrames, motion: readonly MotionMap[]): Stretch[] {
  const look = (stretch: Stretch): Stretch => ({ ...stretch, sight: lookAt(frames, motion, stretch) });
  const glances = motion.map((_, at) => ({ from: at, to: at + 1, sight: glimpse(motion, at) }));
  const rough = withoutShort(alike(glances), frames);
  // What turns out to be the same is looked at once more, as a whole.
  return closed(alike(reassigned(rough, motion).map(look))).map(look);
}

/** A pair between two layouts counts as the earlier one's. */
const closed = (stretches: readonly Stretch[]): Stretch[] =>
  stretches.map((stretch, at) => ({ ...stretch, to: stretches[at + 1]?.from ?? stretch.to }));

/** A slide change is one pair: the median of five does not see it. */
const glimpse = (motion: readonly MotionMap[], at: number): Sight =>
  glanced(typicalMotion(motion.slice(Math.max(0, at - 2), at + 3)));

const lookAt = (frames: LayoutFrames, motion: readonly MotionMap[], { from, to }: Stretch): Sight =>
  seen({ frames, motion: motion.slice(from, to), from, to });

/** Neighbours that show the same, as one. */
function alike(stretches: readonly Stretch[]): Stretch[] {
  const joined: Stretch[] = [];
  for (const stretch of stretches) {
    const last = joined.at(-1);
    if (last && sameLayout(last.sight, stretch.sight)) {
      const { sight } = lengthOf(stretch) > lengthOf(last) ? stretch : last;
      joined[joined.length - 1] = { from: last.from, to: stretch.to, sight };
    } else joined.push(stretch);
  }
  return joined;
}

function sameLayout(a: Sight, b: Sight): boolean {
  if (a.kind !== b.kind) return false;
  return a.kind !== 'INSET' || b.kind !== 'INSET' || likeness(a.area, b.area) >= 0.5;
}

/** What two rectangles share, as a part of what they cover together. */
function likeness(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  const shared = Math.max(0, width) * Math.max(0, height);
  return shared / (a.width * a.height + b.width * b.height - shared);
}

/** The shortest stretch joins its longer neighbour until none is too short. */
function withoutShort(stretches: readonly Stretch[], frames: LayoutFrames): Stretch[] {
  let left = [...stretches];
  for (;;) {
    const short = left.filter((stretch) => tooShort(stretch, frames)).sort((a, b) => lengthOf(a) - lengthOf(b))[0];
    if (!short || left.length === 1) return left;
    const at = left.indexOf(short);
    const [before, after] = [left[at - 1], left[at + 1]];
    const sight = lengthOf(before) >= lengthOf(after) ? before?.sight : after?.sight;
    left = alike(left.map((stretch) => (stretch === short && sight ? { ...short, sight } : stretch)));
  }
}

const lengthOf = (stretch: Stretch | undefined): number => (stretch ? stretch.to - stretch.from : 0);

const tooShort = (stretch: Stretch, { timesMs }: LayoutFrames): boolean =>
  lengthOf(stretch) < fewestPairs ||
  durationOf({ startMs: timesMs[stretch.from] ?? 0, endMs: timesMs[stretch.to] ?? 0 }) < shortestMs;

/**
 * A change from one layout to another costs as much as this many pairs that look like the other one: a close-up of one
 * or two key frames is none.
 */
const changeCost = 1.6;

/**
 * Each pair given to the stretch whose typical movement is most like its own, with as few changes as that is worth: the
 * cheapest way through all pairs (as Viterbi has it). Glances at five pairs put bounds wrong by two.
 */
function reassigned(stretches: readonly Stretch[], motion: readonly MotionMap[]): Stretch[] {
  const typical = stretches.map(({ from, to }) => typicalMotion(motion.slice(from, to)));
  const change = typical.map((a) => typical.map((b) => changeCost * unlikeness(a, b)));
  let costs = typical.map(() => 0);
  const cameFrom = motion.map((map) => {
    const best = typical.map((_, to) => cheapest(costs.map((cost, from) => cost + (change[from]?.[to] ?? 0))));
    costs = typical.map((layout, to) => (best[to]?.cost ?? 0) + unlikeness(map, layout));
    return best.map(({ at }) => at);
  });
  let layout = cheapest(costs).at;
  const path = cameFrom.toReversed().map((origins) => {
    const here = layout;
    layout = origins[here] ?? here;
    return here;
  });
  return runsOf(path.toReversed()).flatMap(({ from, to, layout: at }) => {
    const [stretch, own] = [stretches[at], typical[at]];
    const late = from > 0 && own && isChange(motion[from], own) && to - from > 1 ? 1 : 0;
    return stretch ? [{ sight: stretch.sight, from: from + late, to }] : [];
  });
}

function cheapest(costs: readonly number[]): { at: number; cost: number } {
  const cost = Math.min(...costs);
  return { at: costs.indexOf(cost), cost };
}

function runsOf(path: readonly number[]): { from: number; to: number; layout: number }[] {
  const runs: { from: number; to: number; layout: number }[] = [];
  for (const [at, layout] of path.entries()) {
    const last = runs.at(-1);
    if (last?.layout === layout) last.to = at + 1;
    else runs.push({ from: at, to: at + 1, layout });
  }
  return runs;
}

/** The pair between two layouts changes also where the new one stands still: until its end the old one is shown. */
function isChange(pair: MotionMap | undefined, typical: MotionMap): boolean {
  const still = typical.values.filter((value) => value <= 2).length;
  const jumped = typical.values.filter((value, block) => value <= 2 && (pair?.values[block] ?? 0) > 16).length;
  return jumped > 0.3 * still;
}
