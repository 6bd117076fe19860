import { sourceMs } from '#base/time.ts';
import type { Rectangle } from '#media/crop-plan.ts';
import type { LayoutFrames } from '#media/layout-frames.ts';

/** Size of the drawn pictures, as analysis has them. */
const drawnSize = { width: 320, height: 180 };
/** A key frame each this often, as most encoders write them. */
export const drawnEveryMs = 8_000;

/** Paints one picture: what it draws depends on its number alone. */
export type Paint = (picture: Uint8Array, number: number) => void;

/** Frames for layout analysis, painted one by one; several paints lie over each other. */
export function drawnFrames(count: number, ...paints: readonly Paint[]): LayoutFrames {
  const numbers = Array.from({ length: count }, (_, number) => number);
  return {
    ...drawnSize,
    timesMs: numbers.map((number) => sourceMs(number * drawnEveryMs)),
    pictures: numbers.map((number) => {
      const picture = new Uint8Array(drawnSize.width * drawnSize.height);
      for (const paint of paints) paint(picture, number);
      return picture;
    }),
  };
}

/** Only from one picture's number to another, that one excluded. */
export const during =
  (from: number, to: number, paint: Paint): Paint =>
  (picture, number) => {
    if (number >= from && number < to) paint(picture, number);
  };

const all: Rectangle = { x: 0, y: 0, ...drawnSize };

/** Flat ground with a title and lines of text; another one each `each` pictures. */
export const slides =
  ({ each = 6, ground = 40 }: { each?: number; ground?: number } = {}): Paint =>
  (picture, number) => {
    const random = dice(Math.floor(number / each) + 1);
    fill(picture, all, () => ground);
    for (const line of [18, 44, 60, 76, 92, 108, 124]) {
      const height = line === 18 ? 14 : 6;
      const part = { x: 16, y: line, width: 60 + Math.floor(random() * 170), height };
      fill(picture, part, (x) => (Math.floor(x / 3 + random() * 2) % 2 === 0 ? 220 : ground));
    }
  };

interface Person {
  /** Where the camera's picture is. */
  readonly at?: Rectangle;
  /** Gray levels by which its sensor trembles at rest. */
  readonly noise?: number;
  /** The head's place in it, as a share of its width, and how far it sways. */
  readonly head?: number;
  readonly sway?: number;
}

/** A room with light from one side, and a head with shoulders that sways. */
export const person =
  ({ at = all, noise = 2, head = 0.5, sway = 0.05 }: Person = {}): Paint =>
  (picture, number) => {
    const random = dice(1000 + number);
    const middle = at.x + at.width * (head + sway * Math.sin(number * 1.7));
    const lifted = at.y + at.height * (0.4 + 0.02 * Math.sin(number * 2.9));
    const radius = at.height * 0.22;
    fill(picture, at, (x, y) => {
      const [across, down] = [(x - middle) / radius, (y - lifted) / radius];
      const isHead = across ** 2 + (down / 1.25) ** 2 < 1;
      const isBody = !isHead && down > 1 && Math.abs(across) < 0.6 + 0.7 * (down - 1);
      const room = 90 + 60 * ((x - at.x) / at.width) + 25 * Math.sin(x / 9) * Math.sin(y / 7);
      const light = isHead ? 190 - 25 * across : isBody ? 60 + 8 * Math.sin(x) : room;
      return light + noise * (random() * 2 - 1);
    });
  };

/** Everything moves: a walk through a town. */
export const walking: Paint = (picture, number) =>
  fill(picture, all, (x, y) => 128 + 70 * Math.sin((x + number * 31) / 11) * Math.cos((y + number * 13) / 9));

/** Black bars of so many pixels above and below. */
export const letterbox =
  (bar: number): Paint =>
  (picture) => {
    fill(picture, { ...all, height: bar }, () => 16);
    fill(picture, { ...all, y: drawnSize.height - bar, height: bar }, () => 16);
  };

/** A pointer that is somewhere else each time. */
export const pointer: Paint = (picture, number) => {
  const random = dice(77 + number);
  fill(picture, { x: Math.floor(random() * 300), y: Math.floor(random() * 160), width: 6, height: 9 }, () => 250);
};

/** What an encoder does to what stands still: now and then a level, in blocks. */
export const encoded: Paint = (picture, number) => {
  const random = dice(5000 + number);
  for (let y = 0; y < drawnSize.height; y += 8) {
    for (let x = 0; x < drawnSize.width; x += 8) {
      const drift = random() < 0.12 ? (random() < 0.5 ? -1 : 1) : 0;
      if (drift !== 0) shift(picture, { x, y, width: 8, height: Math.min(8, drawnSize.height - y) }, drift);
    }
  }
};

function fill(picture: Uint8Array, part: Rectangle, light: (x: number, y: number) => number): void {
  for (let y = part.y; y < Math.min(part.y + part.height, drawnSize.height); y++) {
    for (let x = part.x; x < Math.min(part.x + part.width, drawnSize.width); x++) {
      picture[y * drawnSize.width + x] = Math.max(0, Math.min(255, Math.round(light(x, y))));
    }
  }
}

const shift = (picture: Uint8Array, part: Rectangle, by: number): void =>
  fill(picture, part, (x, y) => (picture[y * drawnSize.width + x] ?? 0) + by);

/** The same numbers for the same seed (mulberry32). */
function dice(seed: number): () => number {
  let state = seed * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
