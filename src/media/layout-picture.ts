import type { Rectangle } from './crop-plan.ts';
import type { LayoutFrames } from './layout-frames.ts';
import { blockSide } from './layout-motion.ts';

/** The four sides of a rectangle; right and bottom are just outside. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export const boxOf = ({ x, y, width, height }: Rectangle): Box => ({
  left: x,
  top: y,
  right: x + width,
  bottom: y + height,
});

export const rectangleOf = ({ left, top, right, bottom }: Box): Rectangle => ({
  x: left,
  y: top,
  width: right - left,
  height: bottom - top,
});

interface Blocks {
  readonly columns: number;
  readonly rows: number;
}

/** Numbers of the blocks that lie wholly inside an area. */
export function insideOf({ columns, rows }: Blocks, area: Rectangle): number[] {
  const { left, top, right, bottom } = boxOf(area);
  const inside: number[] = [];
  for (let row = Math.ceil(top / blockSide); row < Math.min(rows, Math.floor(bottom / blockSide)); row++) {
    for (
      let column = Math.ceil(left / blockSide);
      column < Math.min(columns, Math.floor(right / blockSide));
      column++
    ) {
      inside.push(row * columns + column);
    }
  }
  return inside;
}

/** Brighter than a bar ever is: limited black is 16, and encoders ring. */
const darkest = 26;
/** A smaller bar is a dark edge of the picture. */
const barPart = 0.02;

/**
 * The picture without black bars. Bars are black in every picture and as wide on one side as on the other: so are the
 * margins of dark slides hardly ever.
 */
export function withoutBars({ width, height, pictures }: LayoutFrames): Rectangle {
  const columns = new Uint8Array(width);
  const rows = new Uint8Array(height);
  for (const picture of pictures) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const value = picture[y * width + x] ?? 0;
        if (value > (columns[x] ?? 0)) columns[x] = value;
        if (value > (rows[y] ?? 0)) rows[y] = value;
      }
    }
  }
  const [x, y] = [barOf(columns), barOf(rows)];
  return { x, y, width: width - 2 * x, height: height - 2 * y };
}

function barOf(brightest: Uint8Array): number {
  const before = brightest.findIndex((value) => value > darkest);
  const after = brightest.length - 1 - brightest.findLastIndex((value) => value > darkest);
  const bar = Math.min(before, after);
  const alike = Math.abs(before - after) <= 1 + 0.01 * brightest.length;
  return before >= 0 && alike && bar >= barPart * brightest.length ? bar : 0;
}

/** Per block the part of all pictures in which its pixels differ by more than some gray levels. */
export interface Texture extends Blocks {
  readonly parts: Float32Array;
}

export function textured({ width, height, pictures }: LayoutFrames, above: number): Texture {
  const [columns, rows] = [Math.floor(width / blockSide), Math.floor(height / blockSide)];
  const parts = new Float32Array(columns * rows);
  for (const picture of pictures) {
    for (let block = 0; block < parts.length; block++) {
      const corner = Math.floor(block / columns) * blockSide * width + (block % columns) * blockSide;
      if (rangeAt(picture, corner, width) > above) parts[block] = (parts[block] ?? 0) + 1 / pictures.length;
    }
  }
  return { columns, rows, parts };
}

function rangeAt(picture: Uint8Array, corner: number, width: number): number {
  let [low, high] = [255, 0];
  for (let y = 0; y < blockSide; y++) {
    for (let x = 0; x < blockSide; x++) {
      const value = picture[corner + y * width + x] ?? 0;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return high - low;
}

/** Part of an area whose blocks are of one colour: screens and slides have much of it, cameras little. */
export function flatPart(frames: LayoutFrames, area: Rectangle): number {
  const texture = textured({ ...frames, pictures: frames.pictures.slice(0, 1) }, 2);
  const blocks = insideOf(texture, area);
  return blocks.filter((block) => texture.parts[block] === 0).length / Math.max(1, blocks.length);
}

/** What is there in fewer pictures is a close-up of a moment, too short to be a layout of its own. */
const seldom = 0.1;

/** Part of the textured blocks of `from` that are outside both `to` and the inset `besides` with its edge. */
export function textureLost(
  texture: Texture,
  { from, to, besides }: { readonly from: Rectangle; readonly to: Rectangle; readonly besides: Rectangle },
): number {
  const grown = boxOf(besides);
  const edge = 2 * blockSide;
  const hole = rectangleOf({
    left: grown.left - edge,
    top: grown.top - edge,
    right: grown.right + edge,
    bottom: grown.bottom + edge,
  });
  const kept = new Set([...insideOf(texture, to), ...insideOf(texture, hole)]);
  const content = insideOf(texture, from).filter((block) => (texture.parts[block] ?? 0) > seldom);
  return content.filter((block) => !kept.has(block)).length / Math.max(1, content.length);
}
