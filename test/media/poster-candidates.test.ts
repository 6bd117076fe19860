import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sourceMs } from '#base/time.ts';
import { lookOf } from '#media/picture-look.ts';
import { posterCandidates, posterScore } from '#media/poster-candidates.ts';

const [width, height] = [64, 36];
const drawn = (gray: (x: number, y: number) => number): number =>
  posterScore(
    lookOf(
      Uint8Array.from({ length: width * height }, (_, at) => gray(at % width, Math.floor(at / width))),
      width,
    ),
  );
const stripes = (x: number): number => (Math.floor(x / 4) % 2 === 0 ? 60 : 190);

describe('posterScore', () => {
  it('is nothing for black, white and any plain colour', () => {
    for (const gray of [0, 16, 90, 235, 255]) expect(drawn(() => gray)).toBe(0);
  });

  it('prefers sharp to blurred, well lit to dark, and rich to flat', () => {
    const good = drawn(stripes);
    expect(good).toBeGreaterThan(0.5);
    expect(drawn((x) => 125 + 65 * Math.sin((2 * Math.PI * x) / 64))).toBeLessThan(good / 2);
    expect(drawn((x) => stripes(x) / 6)).toBeLessThan(good / 2);
    expect(drawn((x) => 120 + stripes(x) / 20)).toBeLessThan(good / 2);
  });
});

describe('posterCandidates', () => {
  it('gives the best ones, best first, apart, and none that shows nothing', () => {
    const picture = fc.record({
      atMs: fc.integer({ min: 0, max: 60_000 }).map(sourceMs),
      score: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(picture), (pictures) => {
        const chosen = posterCandidates(pictures, 60_000);
        expect(chosen.length).toBeLessThanOrEqual(8);
        expect(chosen.map(({ score }) => score)).toEqual(chosen.map(({ score }) => score).sort((a, b) => b - a));
        for (const [at, one] of chosen.entries()) {
          expect(one.score).toBeGreaterThanOrEqual(0.1);
          for (const other of chosen.slice(at + 1))
            expect(Math.abs(one.atMs - other.atMs)).toBeGreaterThanOrEqual(6_000);
        }
        const best = Math.max(0, ...pictures.map(({ score }) => score));
        expect(chosen[0]?.score).toBe(best >= 0.1 ? best : undefined);
      }),
    );
  });
});
