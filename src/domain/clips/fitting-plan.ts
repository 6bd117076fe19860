import { Problem } from '#base/problem.ts';
import type { CropPlan, Rectangle, Size } from '#media/crop-plan.ts';

/** Less than this is no part of a picture that anybody could see something in. */
const leastPixels = 16;

/**
 * A chosen plan as it is kept: its rectangles on even pixels, which is what video has colour for. Throws INVALID_INPUT,
 * naming the place, for what lies outside the picture, is too small, or is out of order.
 */
export function fittingPlan(plan: CropPlan, picture: Size): CropPlan {
  const inside = (part: Rectangle, ...place: string[]): Rectangle => fittingPart(part, picture, place);
  if (plan.kind === 'STACK') {
    return { ...plan, upper: inside(plan.upper, 'stack', 'upper'), lower: inside(plan.lower, 'stack', 'lower') };
  }
  const place = plan.kind.toLowerCase();
  if (plan.kind === 'TRACK') checkKeys(plan.keys, picture);
  return plan.within ? { ...plan, within: inside(plan.within, place, 'within') } : plan;
}

function fittingPart({ x, y, width, height }: Rectangle, picture: Size, place: readonly string[]): Rectangle {
  if (x + width > picture.width || y + height > picture.height) {
    refuse(`The picture is ${picture.width} × ${picture.height} pixels: this part goes beyond it.`, place);
  }
  if (width < leastPixels || height < leastPixels) refuse(`A part has at least ${leastPixels} pixels a side.`, place);
  return { x: even(x), y: even(y), width: even(width), height: even(height) };
}

function checkKeys(keys: readonly { readonly atMs: number; readonly x: number }[], { width }: Size): void {
  for (const [at, key] of keys.entries()) {
    const place = ['track', 'keys', `${at}`];
    if (key.x > width) refuse(`The picture is ${width} pixels wide.`, [...place, 'x']);
    const before = keys[at - 1];
    if (before && key.atMs <= before.atMs) refuse('Keys come in order of time.', [...place, 'atMs']);
  }
}

/** Throws INVALID_INPUT, naming the place, for what was seen out of order, or later than the recording ends. */
export function checkSightings(sightings: readonly { readonly atMs: number }[], durationMs: number): void {
  for (const [at, { atMs }] of sightings.entries()) {
    const place = ['follow', 'sightings', `${at}`, 'atMs'];
    if (atMs > durationMs) refuse(`The recording ends at ${durationMs} ms.`, place);
    const before = sightings[at - 1];
    if (before && atMs <= before.atMs) refuse('Sightings come in order of time.', place);
  }
}

function refuse(reason: string, place: readonly string[]): never {
  throw new Problem('INVALID_INPUT', { reason, path: ['input', 'plan', ...place] });
}

const even = (value: number): number => 2 * Math.floor(value / 2);
