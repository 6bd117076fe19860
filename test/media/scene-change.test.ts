import { describe, expect, it } from 'vitest';
import { isSceneChange } from '#media/scene-change.ts';

const [width, height] = [320, 180];
const size = { width, height };
const luma = width * height;
/** A picture of one colour and these brightnesses. */
const drawn = (gray: (x: number, y: number) => number, colour = [128, 128]): Uint8Array =>
  Uint8Array.from({ length: luma * 1.5 }, (_, at) =>
    at < luma ? gray(at % width, Math.floor(at / width)) : (colour[at < luma * 1.25 ? 0 : 1] ?? 0),
  );

/** A white slide with six lines of "words" whose letters follow from `seed`. */
const slide = (seed: number) =>
  drawn((x, y) => {
    const line = Math.floor(y / 24);
    const inText = y % 24 < 14 && x > 20 && x < 220 + ((seed * 37 + line * 53) % 80);
    return inText && (Math.floor(x / 3) * (seed + 7) + line * 11) % 5 < 2 ? 30 : 245;
  });

/** A room with somebody in it, `x` pixels from the left; the noise of the camera differs with `seed`. */
const room = (x: number, seed: number) =>
  drawn((px, py) => {
    const noise = ((px * 7 + py * 13 + seed * 29) % 7) - 3;
    const inBody = Math.hypot(px - x, (py - 130) / 1.6) < 40;
    return (inBody ? 60 : 120 + (px % 40)) + noise;
  });

describe('isSceneChange', () => {
  it('sees another slide and another camera', () => {
    expect(isSceneChange(slide(1), slide(2), size)).toBe(true);
    expect(isSceneChange(slide(1), room(160, 1), size)).toBe(true);
  });

  it('sees another colour that is equally dark', () => {
    const [blue, purple] = [drawn(() => 44, [144, 110]), drawn(() => 44, [141, 143])];
    expect(isSceneChange(blue, purple, size)).toBe(true);
    expect(
      isSceneChange(
        blue,
        drawn(() => 44, [140, 113]),
        size,
      ),
    ).toBe(false);
  });

  it('does not take the same slide, noise or somebody who moves for another scene', () => {
    expect(isSceneChange(slide(1), slide(1), size)).toBe(false);
    expect(isSceneChange(room(160, 1), room(160, 2), size)).toBe(false);
    expect(isSceneChange(room(130, 1), room(190, 2), size)).toBe(false);
  });
});
