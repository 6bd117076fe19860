import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sourceMs } from '#base/time.ts';
import { storyboardLayout, storyboardPlan } from '#media/storyboard.ts';

const picture = { width: 1920, height: 1080 };

describe('storyboardPlan', () => {
  it('has at most a hundred tiles for any length, two seconds apart or more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 * 3_600_000 }), (durationMs) => {
        const { columns, rows, everyMs } = storyboardPlan(picture, durationMs);
        expect(columns * rows).toBeLessThanOrEqual(100);
        expect(everyMs).toBeGreaterThanOrEqual(2_000);
        expect(columns * rows * everyMs).toBeGreaterThanOrEqual(durationMs);
      }),
    );
  });

  it.each([
    { width: 1920, height: 1080, tileWidth: 160, tileHeight: 90 },
    { width: 1080, height: 1920, tileWidth: 90, tileHeight: 160 },
    { width: 640, height: 480, tileWidth: 160, tileHeight: 120 },
    { width: 4000, height: 100, tileWidth: 160, tileHeight: 4 },
  ])('keeps the proportion of $width × $height', ({ tileWidth, tileHeight, ...picture }) => {
    expect(storyboardPlan(picture, 60_000)).toMatchObject({ tileWidth, tileHeight });
  });
});

describe('storyboardLayout', () => {
  it('names the times of pictures that are far enough apart, as many as there are places', () => {
    const plan = storyboardPlan(picture, 600_000);
    const times = Array.from({ length: 400 }, (_, at) => sourceMs(at * 1_500));
    const layout = storyboardLayout(plan, times);
    expect(layout?.timesMs.slice(0, 3)).toEqual([0, 6_000, 12_000]);
    expect(layout?.timesMs).toHaveLength(100);
    expect(layout).not.toHaveProperty('everyMs');
  });

  it('is none without a picture', () => {
    expect(storyboardLayout(storyboardPlan(picture, 600_000), [])).toBeNull();
  });
});
