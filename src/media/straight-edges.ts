import type { Rectangle } from './crop-plan.ts';
import type { LayoutFrames } from './layout-frames.ts';
import { type Box, boxOf, rectangleOf } from './layout-picture.ts';

/** A step in gray that an eye sees. */
const step = 8;
/** Part of a side that must show the step in most pictures: hair before a dark slide hides some of it. */
const straightPart = 0.7;
/** How far from a found rectangle its edge may be, when it is known to be near: a block and a half. */
const nearPixels = 6;

interface Search {
  /** What is looked for the frame of. */
  readonly around: Rectangle;
  readonly within: Rectangle;
  /** How far away: anywhere in the picture, or just beside. */
  readonly reach: 'picture' | 'near';
}

/**
 * The rectangle of straight edges around a part of the picture, the nearest on each side, where the picture's own edge
 * counts too; `lines` is how many of its sides are not that. With `near`, a side without an edge stays where it was;
 * otherwise null says that a side has none: a person before a wall has no frame.
 */
export function framedBy(frames: LayoutFrames, search: Search): { area: Rectangle; lines: number } | null {
  const rough = around(frames, search, boxOf(search.around));
  if (!rough || search.reach === 'near') return rough && { area: rectangleOf(rough.box), lines: rough.lines };
  // Once more over the whole sides: what moved may have been a small part of the inset.
  const whole = around(frames, search, rough.box);
  return whole && { area: rectangleOf(whole.box), lines: whole.lines };
}

function around(frames: LayoutFrames, search: Search, sides: Box): { box: Box; lines: number } | null {
  const limits = boxOf(search.within);
  const start = boxOf(search.around);
  const found: Record<keyof Box, number | null> = { left: null, top: null, right: null, bottom: null };
  let lines = 0;
  for (const side of ['left', 'right', 'top', 'bottom'] as const) {
    const at = nearest(start[side], { limit: limits[side], outward: outward[side], reach: search.reach }, (position) =>
      straightness(frames, position, side === 'left' || side === 'right' ? acrossX(sides) : acrossY(sides)),
    );
    const missing = search.reach === 'near' ? start[side] : atEdge(start[side], limits[side]);
    if (at !== null && Math.abs(at - limits[side]) > 2) lines++;
    found[side] = at ?? missing;
  }
  const { left, top, right, bottom } = found;
  if (left === null || top === null || right === null || bottom === null) return null;
  return { box: { left, top, right, bottom }, lines };
}

const outward = { left: -1, top: -1, right: 1, bottom: 1 } as const;

/** What lies at the picture's edge needs no line there. */
const atEdge = (at: number, limit: number): number | null => (Math.abs(at - limit) <= nearPixels + 2 ? limit : null);

/** The first position from just inside outwards where the edge is straight enough. */
function nearest(
  start: number,
  { limit, outward: by, reach }: { limit: number; outward: 1 | -1; reach: Search['reach'] },
  straight: (at: number) => number,
): number | null {
  const last = reach === 'near' ? start + by * nearPixels : limit - by;
  for (let at = start - by * nearPixels; (last - at) * by >= 0; at += by) {
    if ((limit - at) * by <= 1 || straight(at) < straightPart) continue;
    // A step of two pixels is seen at both of them: coming from the left or from above the second one is the edge.
    return by < 0 && straight(at + by) >= straightPart ? at + by : at;
  }
  return null;
}

interface Line {
  /** Whether the line runs down the picture. */
  readonly down: boolean;
  readonly from: number;
  readonly to: number;
}

const acrossX = ({ top, bottom }: Box): Line => ({ down: true, from: top + 1, to: bottom - 1 });
const acrossY = ({ left, right }: Box): Line => ({ down: false, from: left + 1, to: right - 1 });

/** Part of the line's pixels, over all pictures, beside which gray takes a step. */
function straightness({ width, height, pictures }: LayoutFrames, at: number, { down, from, to }: Line): number {
  const end = down ? width : height;
  if (at < 2 || at >= end - 1 || to <= from) return 0;
  const stride = down ? 1 : width;
  let steps = 0;
  for (const picture of pictures) {
    for (let along = from; along < to; along++) {
      const pixel = down ? along * width + at : at * width + along;
      const across = (picture[pixel] ?? 0) - (picture[pixel - 2 * stride] ?? 0);
      if (Math.abs(across) >= step) steps++;
    }
  }
  return steps / (pictures.length * (to - from));
}
