import type { Loudness } from './loudness.ts';

/** Bump when the same sound would be levelled otherwise: part of the key of every rendition. */
export const levelVersion = 3;

/** Sound that far off its target is as loud as asked: nobody hears one unit. */
const toleranceLu = 1;

/** Most that an encoded file may reach, in dBTP (EBU R128, and every platform's advice). */
const maxTruePeak = -1;

/** Gain, then a limiter at `ceilingDb`. */
export interface Level {
  readonly gainDb: number;
  /** dBFS. */
  readonly ceilingDb: number;
}

/** Near-silence is not blown up by more than this. */
const maxGainDb = 24;

/**
 * AAC overshoots what the limiter let through by up to 1.7 dB (14 clips: -1.5 gave up to +0.2 dBTP, -2.0 at most -0.3,
 * -3.0 at most -0.9).
 */
const firstCeilingDb = -2.5;

/** The level that should bring a sound to `target` LUFS; of silence nothing is changed. */
export const levelFor = (target: number, measured: Loudness | null): Level => ({
  gainDb: measured === null ? 0 : Math.min(target - measured.integrated, maxGainDb),
  ceilingDb: firstCeilingDb,
});

/**
 * The level of a second try, where the first is too far off its target or its peaks are too high: as much louder as it
 * was too quiet, and lower by what its peaks were too high. Null where it would be the first again: near-silence.
 */
export function secondLevel(target: number, { gainDb, ceilingDb }: Level, first: Loudness): Level | null {
  if (Math.abs(target - first.integrated) <= toleranceLu && first.truePeak <= maxTruePeak) return null;
  const second = {
    gainDb: Math.min(gainDb + target - first.integrated, maxGainDb),
    ceilingDb: ceilingDb - Math.max(0, first.truePeak - maxTruePeak + 0.2),
  };
  return second.gainDb === gainDb && second.ceilingDb === ceilingDb ? null : second;
}

/** A sound before and after its gain was applied. */
interface Raised {
  readonly source: Loudness;
  readonly gainDb: number;
  readonly encoded: Loudness;
}

/**
 * Whether peaks keep an encoded file below its target: the limiter took what the gain gave, and a louder try would only
 * squash it. Near-silence is below its target as well, for want of gain.
 */
export const limitedByPeaks = (target: number, { source, gainDb, encoded }: Raised): boolean =>
  target - encoded.integrated > toleranceLu && source.integrated + gainDb - encoded.integrated > toleranceLu;

/**
 * The filters of a level. `level=false`, or the limiter raises everything to full scale. Two-pass loudnorm costs five
 * times as much and gets no closer on peaky speech.
 */
export const levelled = ({ gainDb, ceilingDb }: Level): string =>
  `volume=${gainDb.toFixed(2)}dB,` +
  `alimiter=limit=${(10 ** (ceilingDb / 20)).toFixed(4)}:attack=${limiterDelayMs}:release=50:level=false`;

/** The limiter looks ahead by its attack and delays the sound by as much (measured: ticks came 5.0 ms late). */
export const limiterDelayMs = 5;
