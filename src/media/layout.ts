import { type SourceMs, type Span, sourceMs } from '#base/time.ts';
import type { Rectangle } from './crop-plan.ts';
import type { LayoutFrames } from './layout-frames.ts';
import { motionBetween } from './layout-motion.ts';
import { boxOf } from './layout-picture.ts';
import type { Sight } from './layout-sight.ts';
import { type Stretch, stretchesOf } from './layout-stretches.ts';

/** A part of the picture, in pixels as shown, and what it shows from `startMs` to `endMs`. */
export interface FoundRegion extends Rectangle, Span {
  readonly kind: 'CAMERA' | 'SLIDES' | 'FULL_CAMERA' | 'STILL';
  /** 0 to 1. */
  readonly confidence: number;
  /** Of a full camera: between which columns the middle half of the movement is; null where it is everywhere. */
  readonly focusFromX: number | null;
  readonly focusToX: number | null;
}

/** What there is to look at: small pictures of the whole picture (stretched or not), its size in pixels as shown. */
export interface LayoutSight {
  readonly frames: LayoutFrames;
  readonly picture: { readonly width: number; readonly height: number };
  readonly durationMs: number;
}

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
  const sure = Math.min(1, motion.length / 5);
  return stretchesOf(frames, motion).flatMap((stretch) => {
    const span = spanOf(stretch, frames, durationMs);
    return regionsOf(stretch.sight, picture, frames).map((region) => ({
      ...region,
      ...span,
      confidence: Math.round(region.confidence * sure * 100) / 100,
    }));
  });
}

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
