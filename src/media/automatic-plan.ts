import { durationOf, overlaps, type Span } from '#base/time.ts';
import { type CropPlan, type Rectangle, type Shape, type Size, shapes, windowIn } from './crop-plan.ts';
import type { FoundRegion } from './layout.ts';
import { standsWell } from './stack-bands.ts';

/** What decides an automatic plan: the form, what the clip keeps, and what the recording shows where. */
export interface PlanGround {
  readonly shape: Shape;
  readonly cuts: readonly Span[];
  readonly layout: readonly FoundRegion[];
  /** From a key frame to the next one that shows something else: somewhere in between the picture changes. */
  readonly changes: readonly Span[];
  /** Size as shown, in pixels. */
  readonly picture: Size;
}

/** A layout that holds for less of a clip does not decide: with a plan for another one a head would be cut off. */
const decisive = 0.85;

/**
 * The plan where nobody chose one. Landscape shows everything. Upright, a camera over or beside slides is stacked below
 * them, where the slides stay whole and the camera is large; a camera that fills the picture is cut to where its
 * movement is, to its middle where that cannot be told, and left whole where people at both sides would be lost. Slides,
 * still pictures, clips of several layouts and recordings of which nothing is known are shown whole; so is a clip in
 * which the picture changes, because a few seconds of another camera are too short for a layout and long enough for half
 * a head.
 */
export function automaticPlan(ground: PlanGround): CropPlan {
  const whole: CropPlan = { kind: 'FIT' };
  if (ground.shape === 'LANDSCAPE' || changesWithin(ground)) return whole;
  const regions = decisiveRegions(ground);
  const one = (kind: FoundRegion['kind']) => regions.find((region) => region.kind === kind);
  const [camera, slides, full] = [one('CAMERA'), one('SLIDES'), one('FULL_CAMERA')];
  if (camera && slides) return stackedOr(whole, { camera, slides, ...ground });
  if (full) return closeUp(full, ground);
  const shown = slides ?? one('STILL');
  return shown && !fills(shown, ground.picture) ? { kind: 'FIT', within: placeOf(shown) } : whole;
}

const changesWithin = ({ cuts, changes }: PlanGround): boolean =>
  cuts.some((cut) => changes.some((change) => overlaps(cut, change)));

/** The regions of the one layout that holds nearly all the time; none where several share it. */
function decisiveRegions({ cuts, layout }: PlanGround): FoundRegion[] {
  const totalMs = cuts.reduce((sum, cut) => sum + durationOf(cut), 0);
  const heldMs = (region: FoundRegion): number => cuts.reduce((sum, cut) => sum + sharedMs(cut, region), 0);
  return layout.filter((region) => heldMs(region) >= decisive * totalMs);
}

const sharedMs = (a: Span, b: Span): number => Math.max(0, Math.min(a.endMs, b.endMs) - Math.max(a.startMs, b.startMs));

function stackedOr(
  whole: CropPlan,
  { camera, slides, shape }: { camera: FoundRegion; slides: FoundRegion; shape: Shape },
): CropPlan {
  const parts = { upper: placeOf(slides), lower: placeOf(camera) };
  return standsWell({ width: shapes[shape], height: 1 }, parts) ? { kind: 'STACK', ...parts } : whole;
}

function closeUp(full: FoundRegion, { shape, picture }: PlanGround): CropPlan {
  const within = fills(full, picture) ? {} : { within: placeOf(full) };
  const window = windowIn(full, shapes[shape]);
  // Only sides are cut off: at the top there may be a head.
  if (window.height < full.height - 1) return { kind: 'FIT', ...within };
  const { focusFromX: from, focusToX: to } = full;
  if (from === null || to === null) return { kind: 'CENTRE', ...within };
  if (to - from > window.width) return { kind: 'FIT', ...within };
  return { kind: 'TRACK', keys: [{ atMs: full.startMs, x: Math.round((from + to) / 2), cut: false }], ...within };
}

const placeOf = ({ x, y, width, height }: FoundRegion): Rectangle => ({ x, y, width, height });

/** All but two hundredths of it. */
const fills = (part: Size, picture: Size): boolean =>
  part.width >= 0.98 * picture.width && part.height >= 0.98 * picture.height;
