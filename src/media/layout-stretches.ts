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
  return alike(sharpened(rough, motion).map(look)).map(look);
}

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
  return a.kind !== 'INSET' || b.kind !== 'INSET' || sharedPart(a.area, b.area) >= 0.3;
}

/** What two rectangles share, as a part of the smaller one. */
function sharedPart(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / Math.min(a.width * a.height, b.width * b.height);
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

/** How far a glance at five pairs may put a bound wrong, with a slide change beside it. */
const blur = 4;

/** Bounds moved to where the pairs on both sides are most like the rest of their stretch. */
function sharpened(stretches: readonly Stretch[], motion: readonly MotionMap[]): Stretch[] {
  const typical = stretches.map(({ from, to }) => typicalMotion(motion.slice(from, to)));
  const bounds = stretches.slice(1).map((after, at) => {
    const [before, maps] = [stretches[at] ?? after, [typical[at], typical[at + 1]]];
    const from = Math.max(before.from + 1, after.from - blur);
    const to = Math.min(after.to - 1, after.from + blur);
    return bestBound(motion, { from, to, maps });
  });
  return stretches.map(({ sight }, at) => ({ sight, from: bounds[at - 1] ?? 0, to: bounds[at] ?? motion.length }));
}

function bestBound(
  motion: readonly MotionMap[],
  { from, to, maps: [before, after] }: { from: number; to: number; maps: readonly (MotionMap | undefined)[] },
): number {
  let best = { at: from, cost: Number.POSITIVE_INFINITY };
  for (let at = from; at <= to; at++) {
    let cost = 0;
    for (let pair = from; pair < to; pair++) {
      const [map, typical] = [motion[pair], pair < at ? before : after];
      if (map && typical) cost += unlikeness(map, typical);
    }
    if (cost < best.cost) best = { at, cost };
  }
  return best.at;
}
