import { durationOf, type SourceMs, type Span, sourceMs } from '#base/time.ts';
import type { Rectangle } from './crop-plan.ts';
import type { LayoutFrames } from './layout-frames.ts';
import { type MotionMap, motionBetween, typicalMotion } from './layout-motion.ts';
import { boxOf } from './layout-picture.ts';
import { glanced, type Sight, seen } from './layout-sight.ts';

/** A part of the picture, in pixels as shown, and what it shows from `startMs` to `endMs`. */
export interface FoundRegion extends Rectangle, Span {
  readonly kind: 'CAMERA' | 'SLIDES' | 'FULL_CAMERA' | 'STILL';
  /** 0 to 1. */
  readonly confidence: number;
  /** Of a full camera: between which columns nearly all of the movement is; null where it is everywhere. */
  readonly focusFromX: number | null;
  readonly focusToX: number | null;
}

/** What there is to look at: small pictures of the whole picture (stretched or not), its size in pixels as shown. */
export interface LayoutSight {
  readonly frames: LayoutFrames;
  readonly picture: { readonly width: number; readonly height: number };
  readonly durationMs: number;
}

/** A layout that is gone sooner is not worth another picture: it counts as its longer neighbour. */
const shortestMs = 10_000;
const fewestPairs = 3;

/**
 * What a recording shows where: a camera inset beside or over slides (`CAMERA` and `SLIDES`), a camera that fills the
 * picture (`FULL_CAMERA`), slides or a screen alone (`SLIDES`), one picture that never changes (`STILL`). Looks only at
 * what moves between key frames, so its times are as exact as those are dense, and it knows no faces: a video that
 * plays in a corner of a slide is a camera to it, a camera whose whole picture stands still for minutes is STILL, and
 * of several insets it finds the largest. Nothing is found in fewer than three pictures. Regions of one layout share
 * their times; layouts follow each other without gaps.
 */
export function findLayout({ frames, picture, durationMs }: LayoutSight): FoundRegion[] {
  const motion = motionBetween(frames);
  if (motion.length < 2) return [];
  const stretches = withoutShort(alike(motion.map((_, at) => ({ from: at, to: at + 1, sight: glimpse(motion, at) }))), {
    frames,
  });
  const settled = alike(stretches.map((stretch) => ({ ...stretch, sight: settledSight(frames, motion, stretch) })));
  const sure = Math.min(1, motion.length / 5);
  return settled.flatMap((stretch) => {
    const span = spanOf(stretch, frames, durationMs);
    return regionsOf(stretch.sight, picture, frames).map((region) => ({
      ...region,
      ...span,
      confidence: Math.round(region.confidence * sure * 100) / 100,
    }));
  });
}

/** Pairs of successive key frames, end excluded, that show the same layout. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly sight: Sight;
}

/** A slide change is one pair: the median of five does not see it. */
const glimpse = (motion: readonly MotionMap[], at: number): Sight =>
  glanced(typicalMotion(motion.slice(Math.max(0, at - 2), at + 3)));

const settledSight = (frames: LayoutFrames, motion: readonly MotionMap[], { from, to }: Stretch): Sight =>
  seen({ frames, motion: motion.slice(from, to), from, to });

/** Neighbours that show the same, as one. */
function alike(stretches: readonly Stretch[]): Stretch[] {
  const joined: Stretch[] = [];
  for (const stretch of stretches) {
    const last = joined.at(-1);
    if (last && sameLayout(last.sight, stretch.sight)) {
      const longer = stretch.to - stretch.from > last.to - last.from ? stretch : last;
      joined[joined.length - 1] = { from: last.from, to: stretch.to, sight: longer.sight };
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
function withoutShort(stretches: readonly Stretch[], { frames }: { frames: LayoutFrames }): Stretch[] {
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

/** From its first key frame to the next stretch's; the first begins and the last ends with the recording. */
function spanOf({ from, to }: Stretch, { timesMs }: LayoutFrames, durationMs: number): Span {
  const at = (index: number): SourceMs => timesMs[index] ?? sourceMs(durationMs);
  return {
    startMs: from === 0 ? sourceMs(0) : at(from),
    endMs: to >= timesMs.length - 1 ? sourceMs(Math.max(durationMs, at(from) + 1)) : at(to),
  };
}

type Placed = Omit<FoundRegion, 'startMs' | 'endMs'>;

function regionsOf(sight: Sight, picture: LayoutSight['picture'], frames: LayoutFrames): Placed[] {
  const shown = (area: Rectangle): Rectangle => {
    const scaled = { x: picture.width / frames.width, y: picture.height / frames.height };
    const { left, top, right, bottom } = boxOf(area);
    const [x, y] = [Math.round(left * scaled.x), Math.round(top * scaled.y)];
    return { x, y, width: Math.round(right * scaled.x) - x, height: Math.round(bottom * scaled.y) - y };
  };
  const { confidence } = sight;
  if (sight.kind === 'INSET') {
    const slides = { kind: 'SLIDES', confidence, ...nowhere, ...shown(sight.slides) } as const;
    return [slides, { kind: 'CAMERA', confidence, ...nowhere, ...shown(sight.area) }];
  }
  if (sight.kind === 'QUIET') {
    return [{ kind: sight.changes ? 'SLIDES' : 'STILL', confidence, ...nowhere, ...shown(sight.area) }];
  }
  const focus =
    sight.focus && shown({ x: sight.focus.from, y: 0, width: sight.focus.to - sight.focus.from, height: 2 });
  const columns = focus ? { focusFromX: focus.x, focusToX: focus.x + focus.width } : nowhere;
  return [{ kind: 'FULL_CAMERA', confidence, ...columns, ...shown(sight.area) }];
}

const nowhere = { focusFromX: null, focusToX: null };
