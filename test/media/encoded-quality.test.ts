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

const standard: Parameters<typeof faultsOf>[1] = {
  blackInSource: 0,
  soundExpected: true,
  streams: { wanted: ['video', 'audio'], found: ['video', 'audio'] },
};
const found = (...kinds: string[]) => ({ streams: { ...standard.streams, found: kinds } });

interface Inspected {
  readonly what: string;
  readonly measured?: Partial<EncodedQuality>;
  readonly against?: Partial<typeof standard>;
  readonly faults?: readonly string[];
}

describe('an encoded file', () => {
  test.each<Inspected>([
    { what: 'as it was asked for' },
    { what: 'a frame too long', measured: { durationErrorMs: 41 }, faults: ['DURATION'] },
    { what: 'a frame too short', measured: { durationErrorMs: -41 }, faults: ['DURATION'] },
    { what: 'with sound over full scale', measured: { loudness: { ...loud, truePeak: 0.2 } }, faults: ['CLIPPED'] },
    { what: 'below its target because of peaks', measured: { loudness: { ...loud, truePeak: -1, integrated: -17 } } },
    { what: 'silent where the recording is not', measured: { loudness: null }, faults: ['SILENT'] },
    { what: 'silent where the recording is', measured: { loudness: null }, against: { soundExpected: false } },
    { what: 'without its sound', against: found('video'), faults: ['STREAMS'] },
    { what: 'without its picture', against: found('audio'), faults: ['STREAMS'] },
    { what: 'with a track of text', against: found('video', 'audio', 'subtitle'), faults: ['STREAMS'] },
    { what: 'with its sound twice', against: found('video', 'audio', 'audio'), faults: ['STREAMS'] },
    {
      what: 'of a recording without sound',
      measured: { loudness: null },
      against: { soundExpected: false, streams: { wanted: ['video'], found: ['video'] } },
    },
    {
      what: 'black where the recording is not',
      measured: { blackShare: 0.6 },
      against: { blackInSource: 0.1 },
      faults: ['BLACK'],
    },
    { what: 'black where the recording is black', measured: { blackShare: 0.6 }, against: { blackInSource: 0.6 } },
    { what: 'with a fade at its end', measured: { blackShare: 0.1 } },
    { what: 'with frames of different length', measured: { constantFrameRate: false }, faults: ['FRAME_RATE'] },
    { what: 'with its index at the end', measured: { fastStart: false }, faults: ['INDEX_LAST'] },
    { what: 'with an edit list', measured: { hasEditLists: true }, faults: ['EDIT_LISTS'] },
    {
      what: 'of sound, with an edit list',
      measured: { hasEditLists: true, blackShare: null, constantFrameRate: null },
    },
  ])('$what', ({ measured, against, faults = [] }) => {
    expect(faultsOf({ ...good, ...measured }, { ...standard, ...against })).toEqual(faults);
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
