import type { PictureSize } from './picture-size.ts';

/** The picture in parts of about a fifteenth of its width. */
const columns = 16;
const rows = 9;
/** Levels of 255 by which a part differs on the average when it shows something else; noise of a camera makes 1 to 3. */
const otherLevel = 12;
/** A part of all parts: a speaker who moves in front of a camera changes fewer, another slide or camera more. */
const otherParts = 0.3;

/**
 * Whether the second picture (both `I420`: brightness, then two planes of colour with a quarter of the pixels) shows
 * something else than the first. Counted are the parts that differ, not how much: a new slide changes its text
 * everywhere, but the mean brightness hardly. Colour counts by itself, because slides of two colours may be equally dark.
 */
export function isSceneChange(before: Uint8Array, after: Uint8Array, { width, height }: PictureSize): boolean {
  const luma = width * height;
  const planes = [
    { from: 0, to: luma, across: width },
    { from: luma, to: luma * 1.25, across: width / 2 },
    { from: luma * 1.25, to: luma * 1.5, across: width / 2 },
  ];
  return planes.some(
    ({ from, to, across }) => otherPart(before.subarray(from, to), after.subarray(from, to), across) >= otherParts,
  );
}

/** Of all parts of a plane, those that differ. */
function otherPart(before: Uint8Array, after: Uint8Array, width: number): number {
  const height = Math.floor(before.length / width);
  const differs = new Float64Array(columns * rows);
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * rows) / height) * columns;
    for (let column = 0; column < columns; column++) {
      const end = y * width + edgeOf(column + 1, width);
      let sum = 0;
      for (let at = y * width + edgeOf(column, width); at < end; at++) {
        sum += Math.abs((before[at] ?? 0) - (after[at] ?? 0));
      }
      differs[row + column] = (differs[row + column] ?? 0) + sum;
    }
  }
  const otherSum = (otherLevel * width * height) / differs.length;
  return differs.filter((sum) => sum > otherSum).length / differs.length;
}

const edgeOf = (column: number, width: number): number => Math.floor((column * width) / columns);
