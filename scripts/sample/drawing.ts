/** A point in the picture, in pixels of 1280 x 720. */
export type Point = readonly [x: number, y: number];

/** Moves a figure: scaled and turned about its own origin, then put at a point. */
export interface Placement {
  readonly at: Point;
  readonly scale?: number;
  readonly turn?: number;
}

/** A closed outline: first point, then three points for each Bézier curve. */
export type Outline = readonly Point[];

/** Outlines of one colour (`rrggbb`), drawn together. A hole is an outline that runs the other way. */
export interface Shape {
  readonly color: string;
  readonly opacity?: number;
  readonly outlines: readonly Outline[];
}

/** The window through which a figure is seen. */
export interface Frame {
  readonly from: Point;
  readonly to: Point;
  readonly radius: number;
}

// How far a Bézier handle stands off for a quarter of a circle.
const round = 0.5523;

export function ellipse([x, y]: Point, rx: number, ry = rx): Outline {
  const [hx, hy] = [rx * round, ry * round];
  return [
    [x + rx, y],
    ...([
      [x + rx, y + hy],
      [x + hx, y + ry],
      [x, y + ry],
    ] as const),
    ...([
      [x - hx, y + ry],
      [x - rx, y + hy],
      [x - rx, y],
    ] as const),
    ...([
      [x - rx, y - hy],
      [x - hx, y - ry],
      [x, y - ry],
    ] as const),
    ...([
      [x + hx, y - ry],
      [x + rx, y - hy],
      [x + rx, y],
    ] as const),
  ];
}

/** A ring: an outline and the same one, smaller and backwards. */
export const ring = (center: Point, radius: number, width: number): Outline[] => [
  ellipse(center, radius),
  [...ellipse(center, radius - width)].reverse(),
];

export const polygon = (...points: Point[]): Outline =>
  points.flatMap((p, i) => [points[i - 1] ?? p, p, p].slice(i === 0 ? 2 : 0));

export const box = ([x, y]: Point, [width, height]: Point, radius = 0): Outline => {
  const [r, k] = [radius, radius * (1 - round)];
  const [x2, y2] = [x + width, y + height];
  const line = (from: Point, to: Point): Point[] => [from, to, to];
  return [
    [x + r, y],
    ...line([x + r, y], [x2 - r, y]),
    ...([
      [x2 - k, y],
      [x2, y + k],
      [x2, y + r],
    ] as const),
    ...line([x2, y + r], [x2, y2 - r]),
    ...([
      [x2, y2 - k],
      [x2 - k, y2],
      [x2 - r, y2],
    ] as const),
    ...line([x2 - r, y2], [x + r, y2]),
    ...([
      [x + k, y2],
      [x, y2 - k],
      [x, y2 - r],
    ] as const),
    ...line([x, y2 - r], [x, y + r]),
    ...([
      [x, y + k],
      [x + k, y],
      [x + r, y],
    ] as const),
  ];
};

/** A thick line with round ends that gets thinner, such as an arm. */
export function limb([x1, y1]: Point, [x2, y2]: Point, [w1, w2]: Point): Outline[] {
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const [nx, ny] = [(y1 - y2) / length, (x2 - x1) / length];
  const body = polygon(
    [x1 + nx * w1, y1 + ny * w1],
    [x1 - nx * w1, y1 - ny * w1],
    [x2 - nx * w2, y2 - ny * w2],
    [x2 + nx * w2, y2 + ny * w2],
  );
  return [body, ellipse([x1, y1], w1), ellipse([x2, y2], w2)];
}

/** The shape somewhere else. */
export function placed(shape: Shape, { at, scale = 1, turn = 0 }: Placement): Shape {
  const [cos, sin] = [Math.cos(turn) * scale, Math.sin(turn) * scale];
  const move = ([x, y]: Point): Point => [at[0] + x * cos - y * sin, at[1] + x * sin + y * cos];
  return { ...shape, outlines: shape.outlines.map((outline) => outline.map(move)) };
}

/** One ASS event of a shape, seen for a time through a frame. */
export function drawn(shape: Shape, seen: { layer: number; startMs: number; endMs: number; frame?: Frame }): string {
  const alpha = Math.round(255 * (1 - (shape.opacity ?? 1)))
    .toString(16)
    .padStart(2, '0');
  const clip = seen.frame ? `\\clip(4,${shape8(frameOutline(seen.frame))})` : '';
  const style = `\\an7\\pos(0,0)\\bord0\\shad0\\1c&H${bgr(shape.color)}&\\1a&H${alpha}&${clip}\\p4`;
  return dialogue(seen, `{${style}}${shape.outlines.map(shape8).join(' ')}`);
}

/** One ASS event; ASS counts in hundredths of a second, and a frame of 25 a second lasts four. */
function dialogue(seen: { layer: number; startMs: number; endMs: number }, body: string): string {
  return `Dialogue: ${seen.layer},${clock(seen.startMs)},${clock(seen.endMs)},Slide,,0,0,0,,${body}`;
}

/** A line of text. */
interface Line {
  readonly text: string;
  readonly at: Point;
  readonly size: number;
  readonly color: string;
  readonly bold?: true;
  readonly centered?: true;
}

/** One ASS event of a line of text that fades in within a quarter of a second. */
export function words(
  { text, at, size, color, bold, centered }: Line,
  seen: { startMs: number; endMs: number },
): string {
  const place = `\\an${centered ? 5 : 7}\\pos(${at.join(',')})`;
  const style = `\\b${bold ? 1 : 0}\\fs${size}\\1c&H${bgr(color)}&\\fad(240,0)`;
  return dialogue({ layer: 3, ...seen }, `{${place}${style}}${text}`);
}

/** `rrggbb` in the order of ASS. */
const bgr = (color: string): string => `${color.slice(4, 6)}${color.slice(2, 4)}${color.slice(0, 2)}`;

const frameOutline = ({ from, to, radius }: Frame): Outline => box(from, [to[0] - from[0], to[1] - from[1]], radius);

// \p4 counts in eighths of a pixel: in whole pixels slow movement trembles.
function shape8(outline: Outline): string {
  const [first, ...rest] = outline.map(([x, y]) => `${Math.round(x * 8)} ${Math.round(y * 8)}`);
  return `m ${first} b ${rest.join(' ')}`;
}

const clock = (ms: number): string => new Date(Math.round(ms / 10) * 10).toISOString().slice(12, 22);
