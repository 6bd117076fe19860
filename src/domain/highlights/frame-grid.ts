import { type SourceMs, type Span, sourceMs } from '#base/time.ts';

/** Where a bound is wanted, and how far it may lie from there. */
export interface Place extends Span<number> {
  readonly atMs: number;
}

/**
 * The frame of a recording nearest to where a bound is wanted that lies within its place; where no frame does, the
 * nearest one of all. Milliseconds, rounded from the frame's time.
 */
export function onGrid({ atMs, startMs, endMs }: Place, frameRate: number): SourceMs {
  const timeOf = (frame: number): SourceMs => sourceMs((frame * 1000) / frameRate);
  const frame = Math.round((atMs * frameRate) / 1000);
  const fits = [frame, frame - 1, frame + 1].find((one) => timeOf(one) >= startMs && timeOf(one) <= endMs);
  return timeOf(Math.max(0, fits ?? frame));
}
