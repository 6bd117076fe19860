import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { levelFor, limitedByPeaks, secondLevel } from '#media/level.ts';

const heard = (integrated: number, truePeak = -6) => ({ integrated, truePeak, range: 3 });

test('sound is brought to its target, near-silence by no more than 24 dB, also in a second try', () => {
  expect(levelFor(-14, heard(-20)).gainDb).toBe(6);
  expect(levelFor(-14, heard(-60)).gainDb).toBe(24);
  expect(levelFor(-14, null).gainDb).toBe(0);
  const loud = fc.double({ min: -70, max: 0, noNaN: true });
  fc.assert(
    fc.property(loud, loud, loud, (source, encoded, truePeak) => {
      const first = levelFor(-14, heard(source));
      expect(secondLevel(-14, first, heard(encoded, truePeak))?.gainDb ?? 0).toBeLessThanOrEqual(24);
    }),
  );
});

test('a second try is made where the first is off by more than a unit or peaks above -1 dBTP, and lowers those peaks', () => {
  const first = levelFor(-14, heard(-20));
  expect(secondLevel(-14, first, heard(-14.9))).toBeNull();
  expect(secondLevel(-14, first, heard(-15.1))?.gainDb).toBeCloseTo(first.gainDb + 1.1);
  expect(secondLevel(-14, first, heard(-14, 0))?.ceilingDb).toBeCloseTo(first.ceilingDb - 1.2);
});

test('no second try is made that would be the first again', () => {
  const loudest = levelFor(-14, heard(-60));
  expect(secondLevel(-14, loudest, heard(-36, -20))).toBeNull();
  expect(secondLevel(-14, loudest, heard(-36, 0))).not.toBeNull();
});

test('what stays below its target is limited by its peaks only where the limiter took what the gain gave', () => {
  expect(limitedByPeaks(-14, { source: heard(-20), gainDb: 6, encoded: heard(-15.5) })).toBe(true);
  expect(limitedByPeaks(-14, { source: heard(-20), gainDb: 6, encoded: heard(-14.5) })).toBe(false);
  expect(limitedByPeaks(-14, { source: heard(-60), gainDb: 24, encoded: heard(-36.1) })).toBe(false);
  expect(limitedByPeaks(-14, { source: heard(-60), gainDb: 24, encoded: heard(-39) })).toBe(true);
});
