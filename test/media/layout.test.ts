import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rectangle } from '#media/crop-plan.ts';
import { type FoundRegion, findLayout } from '#media/layout.ts';
import type { LayoutFrames } from '#media/layout-frames.ts';
import {
  drawnEveryMs,
  drawnFrames,
  during,
  encoded,
  letterbox,
  type Paint,
  person,
  pointer,
  slides,
  walking,
} from '../support/drawn-frames.ts';

const count = 24;
const picture = { width: 1920, height: 1080 };
const durationMs = count * drawnEveryMs;
const found = (...paints: readonly Paint[]) => layoutOf(drawnFrames(count, ...paints, encoded));
const layoutOf = (frames: LayoutFrames) => findLayout({ frames, picture, durationMs });
const kinds = (regions: readonly FoundRegion[]) => regions.map(({ kind }) => kind);

/** Six shown pixels for each small one. */
const shown = ({ x, y, width, height }: Rectangle): Rectangle => ({
  x: x * 6,
  y: y * 6,
  width: width * 6,
  height: height * 6,
});

/** How alike two rectangles are: shared area over joint area, 0 to 1. */
function likeness(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  const shared = Math.max(0, width) * Math.max(0, height);
  return shared / (a.width * a.height + b.width * b.height - shared);
}

function cameraIn(regions: readonly FoundRegion[]): FoundRegion {
  const camera = regions.find(({ kind }) => kind === 'CAMERA');
  if (!camera) throw new Error(`no camera among ${kinds(regions).join(', ') || 'nothing'}`);
  return camera;
}

describe('findLayout', () => {
  it.each<[string, Rectangle]>([
    ['bottom right', { x: 236, y: 131, width: 80, height: 45 }],
    ['top left', { x: 0, y: 0, width: 72, height: 54 }],
    ['bottom left, square', { x: 4, y: 116, width: 60, height: 60 }],
    ['top right, upright', { x: 270, y: 4, width: 46, height: 72 }],
  ])('finds a camera over slides: %s', (_, at) => {
    const regions = found(slides(), person({ at, noise: 6 }));
    expect(kinds(regions)).toEqual(['SLIDES', 'CAMERA']);
    expect(likeness(cameraIn(regions), shown(at))).toBeGreaterThan(0.9);
  });

  it('finds a camera whose room does not tremble, by its straight edges', () => {
    const at = { x: 230, y: 120, width: 84, height: 56 };
    expect(likeness(cameraIn(found(slides(), person({ at, noise: 0 }))), shown(at))).toBeGreaterThan(0.85);
  });

  it('shows slides without the strip beside them that holds nothing but the camera', () => {
    const at = { x: 250, y: 120, width: 66, height: 56 };
    const [beside] = found(slides({ each: 4 }), person({ at, noise: 5 }));
    expect(beside?.kind).toBe('SLIDES');
    expect((beside?.x ?? 0) + (beside?.width ?? 0)).toBeLessThanOrEqual(at.x * 6 + 12);
  });

  it.each<[string, readonly Paint[]]>([
    ['that moves as a whole', [walking]],
    ['with a sensor that trembles', [person({ noise: 12 })]],
    ['before a room that stands still', [person({ noise: 1 })]],
    ['at the edge of a room that stands still', [person({ noise: 1, head: 0.8 })]],
  ])('knows a camera that fills the picture, %s', (_, paints) => {
    const regions = found(...paints);
    expect(kinds(regions)).toEqual(['FULL_CAMERA']);
    expect(regions[0]).toMatchObject({ x: 0, y: 0, ...picture, startMs: 0, endMs: durationMs });
  });

  it('says where in a full camera the movement is, and not where all of it moves', () => {
    const [aside] = found(person({ noise: 1, head: 0.7 }));
    expect(aside?.focusFromX).toBeLessThan(0.7 * 1920);
    expect(aside?.focusToX).toBeGreaterThan(0.7 * 1920);
    expect((aside?.focusToX ?? 0) - (aside?.focusFromX ?? 0)).toBeLessThan(800);
    expect(found(walking)[0]).toMatchObject({ focusFromX: null, focusToX: null });
  });

  it('sees through black bars', () => {
    const [full] = found(person({ noise: 2 }), letterbox(24));
    expect(full).toMatchObject({ kind: 'FULL_CAMERA', x: 0, y: 144, width: 1920, height: 792 });
  });

  it.each<[string, readonly Paint[], string]>([
    ['slides alone', [slides()], 'SLIDES'],
    ['a screen with a pointer', [slides({ each: 8 }), pointer], 'SLIDES'],
    ['one slide that never changes', [slides({ each: 1000 })], 'STILL'],
    ['dark slides', [slides({ ground: 12 })], 'SLIDES'],
  ])('takes %s for no camera', (_, paints, kind) => {
    const regions = found(...paints);
    expect(kinds(regions)).toEqual([kind]);
    expect(regions[0]).toMatchObject({ x: 0, y: 0, ...picture });
  });

  it('takes a video in the middle of a slide for no camera', () => {
    const regions = found(slides(), person({ at: { x: 110, y: 60, width: 100, height: 70 }, noise: 8 }));
    expect(kinds(regions)).not.toContain('CAMERA');
  });

  it('tells when a layout begins and ends, to a key frame', () => {
    const at = { x: 236, y: 131, width: 80, height: 45 };
    const regions = found(slides(), person({ at, noise: 6 }), during(9, 17, person({ noise: 6 })));
    expect(kinds(regions)).toEqual(['SLIDES', 'CAMERA', 'FULL_CAMERA', 'SLIDES', 'CAMERA']);
    const [slidesBefore, , full, slidesAfter] = regions;
    expect(slidesBefore).toMatchObject({ startMs: 0, endMs: full?.startMs });
    expect(slidesAfter).toMatchObject({ startMs: full?.endMs, endMs: durationMs });
    expect(Math.abs((full?.startMs ?? 0) - 9 * drawnEveryMs)).toBeLessThanOrEqual(drawnEveryMs);
    expect(Math.abs((full?.endMs ?? 0) - 17 * drawnEveryMs)).toBeLessThanOrEqual(drawnEveryMs);
  });

  it('does not take a burst of slide changes for another layout', () => {
    const regions = found(slides(), during(10, 12, slides({ each: 1 })));
    expect(kinds(regions)).toEqual(['SLIDES']);
  });

  it('says nothing of a recording with too few key frames', () => {
    expect(layoutOf(drawnFrames(2, walking))).toEqual([]);
    expect(layoutOf(drawnFrames(0))).toEqual([]);
  });

  it('keeps within the picture and the recording, without gaps, whatever is shown', () => {
    const paint = fc.constantFrom(walking, slides(), slides({ each: 1 }), person(), pointer, letterbox(20), encoded);
    const stretch = fc.record({ from: fc.nat(12), length: fc.integer({ min: 1, max: 12 }), paint });
    fc.assert(
      fc.property(fc.array(stretch, { maxLength: 4 }), fc.integer({ min: 3, max: 14 }), (stretches, frameCount) => {
        const paints = stretches.map(({ from, length, paint: shows }) => during(from, from + length, shows));
        const frames = drawnFrames(frameCount, ...paints);
        const regions = findLayout({ frames, picture: { width: 1279, height: 721 }, durationMs: frameCount * 8_000 });
        for (const { x, y, width, height, startMs, endMs, confidence } of regions) {
          expect(Math.min(x, y, width - 2, height - 2, confidence)).toBeGreaterThanOrEqual(0);
          expect([x + width <= 1279, y + height <= 721, startMs < endMs, confidence <= 1]).not.toContain(false);
        }
        const spans = [...new Map(regions.map(({ startMs, endMs }) => [startMs, endMs]))];
        expect(spans.map(([startMs]) => startMs)).toEqual([0, ...spans.map(([, endMs]) => endMs).slice(0, -1)]);
        expect(spans.at(-1)?.[1]).toBe(frameCount * 8_000);
      }),
      { numRuns: 15 },
    );
  });
});
