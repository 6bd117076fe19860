import { z } from 'zod';
import { keysOf } from '#base/record.ts';

const figure = z.number();

/** What was measured on an encoded file. */
export const encodedQuality = z.object({
  /** Milliseconds longer than asked for. */
  durationErrorMs: figure,
  /** Null without sound, or where it is silence. */
  loudness: z
    .object({
      integrated: figure,
      truePeak: figure,
      range: figure,
      target: figure,
      /** Its peaks keep it below the target. */
      limitedByPeaks: z.boolean(),
    })
    .nullable(),
  /** Share of its key frames that show nothing, 0 to 1; null without a picture. */
  blackShare: figure.nullable(),
  /** Null without a picture. */
  constantFrameRate: z.boolean().nullable(),
  fastStart: z.boolean(),
  hasEditLists: z.boolean(),
});
export type EncodedQuality = z.output<typeof encodedQuality>;

/** Why a file is not handed out. */
export type QualityFault =
  | 'STREAMS'
  | 'SILENT'
  | 'DURATION'
  | 'CLIPPED'
  | 'BLACK'
  | 'FRAME_RATE'
  | 'INDEX_LAST'
  | 'EDIT_LISTS';

/** One frame of 25 a second: nobody sees less. */
const maxDurationErrorMs = 40;
/** So much more black than the recording: titles and fades are less. */
const maxAddedBlack = 0.2;

/** What a file is held against. */
interface Standard {
  /** Share of black in what it was cut from. */
  readonly blackInSource: number;
  /** Whether something can be heard in what it was cut from, for long enough to be measured. */
  readonly soundExpected: boolean;
  /** Kinds of streams (`video`, `audio`), as they were ordered and as they are in the file. */
  readonly streams: { readonly wanted: readonly string[]; readonly found: readonly string[] };
}

/**
 * The faults for which an encoded file is refused. Sound alone may carry an edit list: players of sound obey it, and it
 * makes the length exact.
 */
export function faultsOf(quality: EncodedQuality, standard: Standard): QualityFault[] {
  const { blackInSource, soundExpected, streams } = standard;
  const { durationErrorMs, loudness, blackShare, constantFrameRate, fastStart, hasEditLists } = quality;
  const faults: Record<QualityFault, boolean> = {
    STREAMS: streams.found.join() !== streams.wanted.join(),
    SILENT: loudness === null && soundExpected,
    DURATION: Math.abs(durationErrorMs) > maxDurationErrorMs,
    CLIPPED: loudness !== null && loudness.truePeak > 0,
    BLACK: blackShare !== null && blackShare - blackInSource > maxAddedBlack,
    FRAME_RATE: constantFrameRate === false,
    INDEX_LAST: !fastStart,
    EDIT_LISTS: blackShare !== null && hasEditLists,
  };
  return keysOf(faults).filter((fault) => faults[fault]);
}
