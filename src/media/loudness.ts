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
