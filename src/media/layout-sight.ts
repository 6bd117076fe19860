import type { Rectangle } from './crop-plan.ts';
import { largestSum } from './largest-sum.ts';
import type { LayoutFrames } from './layout-frames.ts';
import { blockSide, level, type MotionMap, quantile, typicalMotion } from './layout-motion.ts';
import {
  type Box,
  boxOf,
  flatPart,
  insideOf,
  rectangleOf,
  textured,
  textureLost,
  withoutBars,
} from './layout-picture.ts';
import { framedBy } from './straight-edges.ts';

/** What a stretch of a recording shows, in pixels of the small pictures. `area` of what fills the picture has no bars. */
export type Sight =
  | { readonly kind: 'INSET'; readonly area: Rectangle; readonly slides: Rectangle; readonly confidence: number }
  | { readonly kind: 'FULL'; readonly area: Rectangle; readonly focus: Columns | null; readonly confidence: number }
  | { readonly kind: 'QUIET'; readonly area: Rectangle; readonly changes: boolean; readonly confidence: number };

interface Columns {
  readonly from: number;
  readonly to: number;
}

/** From movement alone, for telling where a layout begins and ends: cheap enough for every key frame. */
export function glanced(map: MotionMap): Sight {
  const area = { x: 0, y: 0, width: map.columns * blockSide, height: map.rows * blockSide };
  const live = livelinessOf(map, area);
  if (live.part < least) return { kind: 'QUIET', area, changes: false, confidence: 0 };
  if (live.everywhere || !live.blob || live.blobPart >= mostOfPicture) {
    return { kind: 'FULL', area, focus: null, confidence: 0 };
  }
  return { kind: 'INSET', area: live.blob, slides: area, confidence: 0 };
}

interface Evidence {
  readonly frames: LayoutFrames;
  readonly motion: readonly MotionMap[];
  /** First and last of the pictures between which the motion is. */
  readonly from: number;
  readonly to: number;
}

/**
 * From the movement and the pictures of a whole stretch. In this order: everything moves or most of the picture is full
 * of movement: a camera fills it. Nothing moves: quiet. What moves lies in a frame of straight edges, or fills a
 * rectangle to 0.85 while nothing else moves: an inset, or where none would be, a video on a slide. Else something moves
 * before something that stands still: little of it on flat, dead ground is a screen (a pointer, typing), else a camera.
 */
export function seen({ frames, motion, from, to }: Evidence): Sight {
  const map = typicalMotion(motion);
  const sample = { ...frames, pictures: spread(frames.pictures.slice(from, to + 1), 24) };
  const area = withoutBars(sample);
  const live = livelinessOf(map, area);
  const full = (confidence: number): Sight => ({
    kind: 'FULL',
    area,
    focus: focusOf(map, area, live.quiet),
    confidence,
  });
  const quiet = (confidence: number): Sight => ({ kind: 'QUIET', area, changes: motion.some(changed), confidence });
  if (live.part < least) return quiet(0.9);
  if (live.everywhere || live.blobPart >= mostOfPicture) return full(0.9);
  const framed = live.blob && framedIn(sample, area, { ...live, blob: live.blob });
  if (framed && !plausible(framed.area, area)) return quiet(0.5);
  if (framed) return { kind: 'INSET', slides: slidesBeside(sample, area, framed.area), ...framed };
  const little = live.fill * live.blobPart < muchMovement;
  const screen = little && flatPart(sample, area) >= 0.5 && live.quiet <= level / 4;
  return screen ? quiet(0.6) : full(0.6);
}

/** Less than this part of the picture is a pointer or a clock. */
const least = 0.006;
/** A rectangle of movement this large is no inset. */
const mostOfPicture = 0.6;
/** On a screen no tenth of the picture moves all the time in one place; a presenter moves more. */
const muchMovement = 0.1;
/** Below this no camera was seen, above it the picture is the camera's (parts of the picture). */
const insetPart = { least: 0.012, most: 0.55 };

interface Liveliness {
  /** What the quieter quarter of the blocks moves by: pauses of the encoder, or a camera's noise. */
  readonly quiet: number;
  readonly everywhere: boolean;
  /** Parts of the area: of all live blocks, and of the rectangle that holds the most of them. */
  readonly part: number;
  readonly blobPart: number;
  readonly blob: Rectangle | null;
  /** Live blocks inside that rectangle, and blocks outside that stand still: parts of those that are there. */
  readonly fill: number;
  readonly stillOutside: number;
}

function livelinessOf(map: MotionMap, area: Rectangle): Liveliness {
  const blocks = insideOf(map, area);
  const quiet = quantile(
    Uint8Array.from(blocks, (block) => map.values[block] ?? 0),
    0.25,
  );
  const everywhere = quiet > 0.8 * level;
  const above = Math.max(0.35 * level, 3 * quiet);
  const weights = new Int8Array(map.values.length).fill(-1);
  let live = 0;
  for (const block of blocks) {
    if ((map.values[block] ?? 0) <= above) continue;
    weights[block] = 1;
    live++;
  }
  const part = everywhere ? 1 : live / blocks.length;
  const blob = live === 0 ? null : largestSum({ ...map, weights });
  const size = blob ? blob.width * blob.height : 0;
  const inside = blob ? (size + blob.sum) / 2 : 0;
  return {
    quiet,
    everywhere,
    part,
    blobPart: size / blocks.length,
    blob: blob && scaled(blob),
    fill: size > 0 ? inside / size : 0,
    stillOutside: 1 - (live - inside) / Math.max(1, blocks.length - size),
  };
}

const scaled = ({ x, y, width, height }: Rectangle): Rectangle => ({
  x: x * blockSide,
  y: y * blockSide,
  width: width * blockSide,
  height: height * blockSide,
});

function framedIn(
  sample: LayoutFrames,
  area: Rectangle,
  live: Liveliness & { readonly blob: Rectangle },
): { area: Rectangle; confidence: number } | null {
  const framed = framedBy(sample, { around: live.blob, within: area, reach: 'picture' });
  if (framed && framed.lines >= 2 && plausible(framed.area, area)) return { area: framed.area, confidence: 0.95 };
  if (live.fill < 0.85 || live.stillOutside < 0.97) return null;
  const near = framedBy(sample, { around: live.blob, within: area, reach: 'near' });
  return { area: near?.area ?? live.blob, confidence: 0.8 };
}

/** A camera's form and size, at an edge of the picture: what plays in the middle of a slide is none. */
function plausible(inset: Rectangle, area: Rectangle): boolean {
  const [box, all] = [boxOf(inset), boxOf(area)];
  const part = (inset.width * inset.height) / (area.width * area.height);
  const form = inset.width / inset.height;
  const away = Math.min(
    (box.left - all.left) / area.width,
    (all.right - box.right) / area.width,
    (box.top - all.top) / area.height,
    (all.bottom - box.bottom) / area.height,
  );
  return part >= insetPart.least && part <= insetPart.most && form > 0.3 && form < 3 && away <= 0.12;
}

/** The largest part beside the inset, if nothing but the inset is lost by it; else all, the inset included. */
function slidesBeside(sample: LayoutFrames, area: Rectangle, inset: Rectangle): Rectangle {
  const texture = textured(sample, 8);
  const [all, hole] = [boxOf(area), boxOf(inset)];
  const beside: Box[] = [
    { ...all, right: hole.left },
    { ...all, left: hole.right },
    { ...all, bottom: hole.top },
    { ...all, top: hole.bottom },
  ];
  const whole = area.width * area.height;
  const fit = beside
    .filter((box) => box.right > box.left && box.bottom > box.top)
    .map(rectangleOf)
    .filter(({ width, height }) => width * height >= 0.4 * whole)
    .filter((slides) => textureLost(texture, { from: area, to: slides, besides: inset }) <= 0.01);
  return fit.sort((a, b) => b.width * b.height - a.width * a.height)[0] ?? area;
}

/**
 * Between which columns the middle half of the movement is: of one person the trunk, whatever the arms do, of two what
 * lies between them. Null where the whole width moves about alike.
 */
function focusOf(map: MotionMap, area: Rectangle, quiet: number): Columns | null {
  const sums = new Float64Array(map.columns);
  for (const block of insideOf(map, area)) {
    const column = block % map.columns;
    sums[column] = (sums[column] ?? 0) + Math.max(0, (map.values[block] ?? 0) - 2 * quiet);
  }
  const inside = sums.slice(area.x / blockSide, Math.ceil((area.x + area.width) / blockSide));
  const everywhere = inside.toSorted()[Math.floor(inside.length / 2)] ?? 0;
  const total = inside.reduce((sum, value) => sum + value, 0);
  const peaks = sums.map((value) => Math.max(0, value - everywhere));
  const peak = peaks.reduce((sum, value) => sum + value, 0);
  if (total === 0 || peak / total < 0.15) return null;
  const at = (part: number): number => columnWhere(peaks, part * peak);
  return { from: at(0.25) * blockSide, to: (at(0.75) + 1) * blockSide };
}

function columnWhere(values: Float64Array, wanted: number): number {
  let sum = 0;
  return values.findIndex((value) => (sum += value) >= wanted);
}

/** A step: a new slide, a new line on it, another window. */
const changed = ({ values }: MotionMap): boolean =>
  values.reduce((count, value) => count + (value > 3 * level ? 1 : 0), 0) >= 0.005 * values.length;

/** At most `most` of them, evenly. */
const spread = <T>(all: readonly T[], most: number): T[] =>
  all.length <= most
    ? [...all]
    : Array.from({ length: most }, (_, at) => Math.floor((at * all.length) / most)).flatMap((at) =>
        all.slice(at, at + 1),
      );
