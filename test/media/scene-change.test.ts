import { describe, expect, it } from 'vitest';
import { isSceneChange } from '#media/scene-change.ts';

const [width, height] = [320, 180];
const drawn = (gray: (x: number, y: number) => number): Uint8Array =>
  Uint8Array.from({ length: width * height }, (_, at) => gray(at % width, Math.floor(at / width)));

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
    expect(isSceneChange(slide(1), slide(2), width)).toBe(true);
    expect(isSceneChange(slide(1), room(160, 1), width)).toBe(true);
  });

  it('does not take the same slide, noise or somebody who moves for another scene', () => {
    expect(isSceneChange(slide(1), slide(1), width)).toBe(false);
    expect(isSceneChange(room(160, 1), room(160, 2), width)).toBe(false);
    expect(isSceneChange(room(130, 1), room(190, 2), width)).toBe(false);
  });
});
