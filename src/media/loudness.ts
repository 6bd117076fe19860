/** EBU R128 figures of a sound: integrated in LUFS, true peak in dBTP, range in LU. */
export interface Loudness {
  readonly integrated: number;
  readonly truePeak: number;
  readonly range: number;
}

/** The meter, ready to stand in a filter graph. `framelog=quiet` is refused by ffmpeg 5.1, `verbose` by none. */
export const meter = 'ebur128=peak=true:framelog=verbose';
/** Without the true peak (a third of the time), for long recordings. */
export const quickMeter = 'ebur128=framelog=verbose';

/** Reads the summary that the meter prints at its end. Null when it heard nothing above its gate of -70 LUFS. */
export function loudnessFrom(stderrTail: readonly string[]): Loudness | null {
  const summary = stderrTail.slice(stderrTail.findLastIndex((line) => line.includes('Summary:')) + 1);
  const integrated = figure(summary, /^\s+I:\s+(\S+) LUFS/);
  if (integrated === undefined || integrated <= -70) return null;
  return {
    integrated,
    truePeak: figure(summary, /^\s+Peak:\s+(\S+) dBFS/) ?? Number.NEGATIVE_INFINITY,
    range: figure(summary, /^\s+LRA:\s+(\S+) LU/) ?? 0,
  };
}

function figure(lines: readonly string[], pattern: RegExp): number | undefined {
  const text = lines.map((line) => pattern.exec(line)?.[1]).find((found) => found !== undefined);
  const value = Number(text);
  return text === undefined || Number.isNaN(value) ? undefined : value;
}

/** Sound that far off the target is as loud as asked: nobody hears one unit. */
export const toleranceLu = 1;

/** Gain in dB that brings a sound to `target`; near-silence is not blown up by more than 24 dB. */
export const gainTo = (target: number, measured: Loudness | null): number =>
  measured === null ? 0 : Math.min(target - measured.integrated, 24);

/**
 * Gain, then a limiter at -2 dBFS: the AAC encoder overshoots by about 1.7 dB (14 clips: -1.5 gave up to +0.2 dBTP,
 * -2.0 at most -0.3). `level=false`, or the limiter raises everything to full scale. Two-pass loudnorm costs five
 * times as much and gets no closer on peaky speech.
 */
export const levelled = (gainDb: number): string =>
  `volume=${gainDb.toFixed(2)}dB,alimiter=limit=0.79:attack=${limiterDelayMs}:release=50:level=false`;

/** The limiter looks ahead by its attack and delays the sound by as much (measured: ticks came 5.0 ms late). */
export const limiterDelayMs = 5;
