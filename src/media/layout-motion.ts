import type { LayoutFrames } from './layout-frames.ts';

/** Side of a block in small pixels: 24 pixels of 1080p. */
export const blockSide = 4;

/** How much each block changed, row by row, in eighths of a gray level (255 is 31.9 or more). */
export interface MotionMap {
  readonly columns: number;
  readonly rows: number;
  readonly values: Uint8Array;
}

/** One level of gray in a map's unit. */
export const level = 8;

/** Mean absolute difference of each block between each picture and the next. */
export function motionBetween({ width, height, pictures }: LayoutFrames): MotionMap[] {
  const [columns, rows] = [Math.floor(width / blockSide), Math.floor(height / blockSide)];
  return pictures.slice(1).map((next, at) => {
    const before = pictures[at] ?? next;
    const sums = new Uint32Array(columns * rows);
    for (let y = 0; y < rows * blockSide; y++) {
      const row = Math.floor(y / blockSide) * columns;
      for (let x = 0; x < columns * blockSide; x++) {
        const pixel = y * width + x;
        const block = row + Math.floor(x / blockSide);
        sums[block] = (sums[block] ?? 0) + Math.abs((next[pixel] ?? 0) - (before[pixel] ?? 0));
      }
    }
    const scale = level / blockSide ** 2;
    return { columns, rows, values: Uint8Array.from(sums, (sum) => Math.min(255, Math.round(sum * scale))) };
  });
}

/** The median of each block over maps: what moves all the time, whatever jumped once. Of two middle ones the lesser. */
export function typicalMotion(maps: readonly MotionMap[]): MotionMap {
  const { columns = 0, rows = 0 } = maps[0] ?? {};
  const column = new Uint8Array(maps.length);
  const values = new Uint8Array(columns * rows);
  for (let block = 0; block < values.length; block++) {
    for (let at = 0; at < maps.length; at++) column[at] = maps[at]?.values[block] ?? 0;
    values[block] = quantile(column, 0.5);
  }
  return { columns, rows, values };
}

/** How far a map is from a typical one; a block counts at most five levels, so that a slide change is no more than other movement. */
export function unlikeness(map: MotionMap, typical: MotionMap): number {
  let sum = 0;
  for (let block = 0; block < map.values.length; block++) {
    sum += Math.min(5 * level, Math.abs((map.values[block] ?? 0) - (typical.values[block] ?? 0)));
  }
  return sum;
}

/** The value that this part of all others are not above. Sorts its argument, a few by hand: for five that is ten times faster. */
export function quantile(values: Uint8Array, part: number): number {
  if (values.length > 16) values.sort();
  else sortFew(values);
  return values[Math.floor((values.length - 1) * part)] ?? 0;
}

function sortFew(values: Uint8Array): void {
  for (let at = 1; at < values.length; at++) {
    const value = values[at] ?? 0;
    let to = at;
    for (; to > 0 && (values[to - 1] ?? 0) > value; to--) values[to] = values[to - 1] ?? 0;
    values[to] = value;
  }
}
