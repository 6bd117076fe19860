import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { divided } from '#media/cpu-time.ts';
import { type EncodedQuality, faultsOf } from '#media/encoded-quality.ts';

const good: EncodedQuality = {
  durationErrorMs: 12,
  loudness: { integrated: -14.2, truePeak: -1.3, range: 4, target: -14, limitedByPeaks: false },
  blackShare: 0,
  constantFrameRate: true,
  indexFirst: true,
  editLists: false,
};
const loud = { integrated: -14, range: 4, target: -14, limitedByPeaks: false };

describe('an encoded file', () => {
  test.each<[string, Partial<EncodedQuality>, number, string[]]>([
    ['as it was asked for', {}, 0, []],
    ['a frame too long', { durationErrorMs: 41 }, 0, ['DURATION']],
    ['a frame too short', { durationErrorMs: -41 }, 0, ['DURATION']],
    ['with sound over full scale', { loudness: { ...loud, truePeak: 0.2 } }, 0, ['CLIPPED']],
    ['below its target because of peaks', { loudness: { ...loud, truePeak: -1, integrated: -17 } }, 0, []],
    ['without sound', { loudness: null }, 0, []],
    ['black where the recording is not', { blackShare: 0.6 }, 0.1, ['BLACK']],
    ['black where the recording is black', { blackShare: 0.6 }, 0.6, []],
    ['with a fade at its end', { blackShare: 0.1 }, 0, []],
    ['with frames of different length', { constantFrameRate: false }, 0, ['FRAME_RATE']],
    ['with its index at the end', { indexFirst: false }, 0, ['INDEX_LAST']],
    ['with an edit list', { editLists: true }, 0, ['EDIT_LISTS']],
    ['of sound, with an edit list', { editLists: true, blackShare: null, constantFrameRate: null }, 0, []],
  ])('%s', (_what, measured, blackInSource, faults) => {
    expect(faultsOf({ ...good, ...measured }, { blackInSource })).toEqual(faults);
  });
});

test('CPU time is divided without a rest', () => {
  const weights = fc
    .array(fc.nat(10_000_000), { minLength: 1, maxLength: 6 })
    .filter((all) => all.some((one) => one > 0));
  fc.assert(
    fc.property(fc.nat(1_000_000), weights, (total, parts) => {
      const shares = divided(total, parts);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBe(total);
      expect(shares.every((share) => Number.isInteger(share) && share >= 0)).toBe(true);
    }),
  );
});
