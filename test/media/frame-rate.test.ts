import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clipFrameRate, framesBefore, gridRate, rateText } from '#media/frame-rate.ts';

const video = (frameRate: number, variableFrameRate = false) => ({
  codec: 'h264',
  width: 640,
  height: 360,
  frameRate,
  rotation: 0,
  variableFrameRate,
});

describe('clipFrameRate', () => {
  it.each([
    [23.976, '24000/1001'],
    [24, '24/1'],
    [25, '25/1'],
    [29.97, '30000/1001'],
    [30, '30/1'],
    [50, '25/1'],
    [59.94, '30000/1001'],
    [60, '30/1'],
    [15, '30/1'],
    [12.5, '30/1'],
    [90, '30/1'],
  ])('makes %d a second into %s', (rate, wanted) => {
    expect(rateText(clipFrameRate(video(rate)))).toBe(wanted);
  });

  it('takes thirty for a varying rate and for no picture', () => {
    expect(rateText(clipFrameRate(video(24, true)))).toBe('30/1');
    expect(rateText(clipFrameRate(null))).toBe('30/1');
  });
});

describe('framesBefore', () => {
  it('counts a clip cut into pieces as the clip in one, never half a frame off', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 60_000 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(lengths, fc.constantFrom(23.976, 25, 29.97, 30), (pieces, rate) => {
        const exact = clipFrameRate(video(rate));
        let ms = 0;
        let frames = 0;
        for (const piece of pieces) {
          frames += framesBefore(ms + piece, exact) - framesBefore(ms, exact);
          ms += piece;
          expect(Math.abs((frames * 1000 * exact.below) / exact.above - ms)).toBeLessThanOrEqual(
            (500 * exact.below) / exact.above + 1e-6,
          );
        }
        expect(frames).toBe(framesBefore(ms, exact));
      }),
    );
  });
});

describe('gridRate', () => {
  it.each([1, 5, 12.5, 25, 50, 240])('moves no cut of a picture of %d a second by more than 21 ms', (rate) => {
    expect(500 / gridRate(video(rate))).toBeLessThan(21);
  });

  it('is the rate at which the clip is shown', () => {
    expect([5, 25, 50, 29.97].map((rate) => gridRate(video(rate)))).toEqual([30, 25, 25, 30_000 / 1001]);
    expect(gridRate(video(25, true))).toBe(30);
  });
});
