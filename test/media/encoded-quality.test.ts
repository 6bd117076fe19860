import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { divided } from '#media/cpu-time.ts';
import { type EncodedQuality, faultsOf } from '#media/encoded-quality.ts';

const good: EncodedQuality = {
  durationErrorMs: 12,
  loudness: { integrated: -14.2, truePeak: -1.3, range: 4, target: -14, limitedByPeaks: false },
  blackShare: 0,
  constantFrameRate: true,
  fastStart: true,
  hasEditLists: false,
};
const loud = { integrated: -14, range: 4, target: -14, limitedByPeaks: false };

interface Inspected {
  readonly what: string;
  readonly measured: Partial<EncodedQuality>;
  readonly blackInSource: number;
  readonly faults: readonly string[];
}

describe('an encoded file', () => {
  test.each<Inspected>([
    { what: 'as it was asked for', measured: {}, blackInSource: 0, faults: [] },
    { what: 'a frame too long', measured: { durationErrorMs: 41 }, blackInSource: 0, faults: ['DURATION'] },
    { what: 'a frame too short', measured: { durationErrorMs: -41 }, blackInSource: 0, faults: ['DURATION'] },
    {
      what: 'with sound over full scale',
      measured: { loudness: { ...loud, truePeak: 0.2 } },
      blackInSource: 0,
      faults: ['CLIPPED'],
    },
    {
      what: 'below its target because of peaks',
      measured: { loudness: { ...loud, truePeak: -1, integrated: -17 } },
      blackInSource: 0,
      faults: [],
    },
    { what: 'without sound', measured: { loudness: null }, blackInSource: 0, faults: [] },
    { what: 'black where the recording is not', measured: { blackShare: 0.6 }, blackInSource: 0.1, faults: ['BLACK'] },
    { what: 'black where the recording is black', measured: { blackShare: 0.6 }, blackInSource: 0.6, faults: [] },
    { what: 'with a fade at its end', measured: { blackShare: 0.1 }, blackInSource: 0, faults: [] },
    {
      what: 'with frames of different length',
      measured: { constantFrameRate: false },
      blackInSource: 0,
      faults: ['FRAME_RATE'],
    },
    { what: 'with its index at the end', measured: { fastStart: false }, blackInSource: 0, faults: ['INDEX_LAST'] },
    { what: 'with an edit list', measured: { hasEditLists: true }, blackInSource: 0, faults: ['EDIT_LISTS'] },
    {
      what: 'of sound, with an edit list',
      measured: { hasEditLists: true, blackShare: null, constantFrameRate: null },
      blackInSource: 0,
      faults: [],
    },
  ])('$what', ({ measured, blackInSource, faults }) => {
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
