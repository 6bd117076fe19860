import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { corrected, levelFor, limitedByPeaks, needsCorrection } from '#media/level.ts';

const heard = (integrated: number, truePeak = -6) => ({ integrated, truePeak, range: 3 });

test('sound is brought to its target, near-silence by no more than 24 dB, also in a second try', () => {
  expect(levelFor(-14, heard(-20)).gainDb).toBe(6);
  expect(levelFor(-14, heard(-60)).gainDb).toBe(24);
  expect(levelFor(-14, null).gainDb).toBe(0);
  const loud = fc.double({ min: -70, max: 0, noNaN: true });
  fc.assert(
    fc.property(loud, loud, loud, (source, encoded, truePeak) => {
      const first = levelFor(-14, heard(source));
      expect(corrected(first, -14, heard(encoded, truePeak)).gainDb).toBeLessThanOrEqual(24);
    }),
  );
});

test('a second try is made where the first is off by more than a unit or peaks above -1 dBTP, and lowers those peaks', () => {
  expect(needsCorrection(-14, heard(-14.9))).toBe(false);
  expect(needsCorrection(-14, heard(-15.1))).toBe(true);
  expect(needsCorrection(-14, heard(-14, -0.5))).toBe(true);
  const first = levelFor(-14, heard(-14));
  expect(corrected(first, -14, heard(-14, 0)).ceilingDb).toBeCloseTo(first.ceilingDb - 1.2);
});

test('what stays below its target is limited by its peaks', () => {
  expect(limitedByPeaks(-14, heard(-15.5))).toBe(true);
  expect(limitedByPeaks(-14, heard(-14.5))).toBe(false);
});
