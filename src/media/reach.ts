import { Problem } from '#base/problem.ts';
import { durationOf, type Span } from '#base/time.ts';
import type { Input } from './ffmpeg-job.ts';

/** A stretch of the recording that is read in one go, and the cuts inside it. */
export interface Reach extends Span {
  readonly cuts: readonly Span[];
}

/**
 * Each stretch is an input of its own, whose decoder holds its pictures until the last one has played: one of 1080p takes
 * 72 MB, 12 take 280 MB, 24 take 507 MB.
 */
export const mostReaches = 24;

/**
 * Groups cuts into stretches to read. Cuts at most `gapMs` apart share one: opening the file again means decoding from
 * the key frame before (8 s of picture in a usual recording), while a reel must not decode the talk between its cuts.
 * Where that would be too many, those that are nearest to each other are read as one. Throws INVALID_INPUT unless cuts
 * are in order and not empty.
 */
export function reachesOf(cuts: readonly Span[], gapMs = 8000): Reach[] {
  checkOrder(cuts);
  const opens = openingAt(cuts, gapMs);
  const reaches: Reach[] = [];
  for (const [at, cut] of cuts.entries()) {
    const last = reaches.at(-1);
    if (!last || opens.has(at)) reaches.push({ ...cut, cuts: [cut] });
    else reaches[reaches.length - 1] = { ...last, endMs: cut.endMs, cuts: [...last.cuts, cut] };
  }
  return reaches;
}

function checkOrder(cuts: readonly Span[]): void {
  if (cuts.length === 0) throw new Problem('INVALID_INPUT', { reason: 'There is nothing to cut.' });
  for (const [at, cut] of cuts.entries())
    if (cut.endMs <= cut.startMs || cut.startMs < (cuts[at - 1]?.endMs ?? 0))
      throw new Problem('INVALID_INPUT', { reason: 'Cuts must be in order and not empty.' });
}

/** The cuts before which the file is opened again, by their index: behind the longest gaps. */
function openingAt(cuts: readonly Span[], gapMs: number): ReadonlySet<number> {
  const gaps = cuts.map(({ startMs }, at) => ({ at, ms: startMs - (cuts[at - 1]?.endMs ?? startMs) }));
  const long = gaps.filter(({ ms }) => ms > gapMs).toSorted((a, b) => b.ms - a.ms);
  return new Set(long.slice(0, mostReaches - 1).map(({ at }) => at));
}

/** The input of one stretch. Both options stand before -i: seeking is then exact, and limits every output. */
export const inputOf = (file: string, reach: Reach): Input => ({
  file,
  options: ['-ss', seconds(reach.startMs), '-t', seconds(durationOf(reach))],
});

/** Length of all cuts together, in milliseconds. */
export const totalOf = (cuts: readonly Span[]): number => cuts.reduce((sum, cut) => sum + durationOf(cut), 0);

const seconds = (ms: number): string => (ms / 1000).toFixed(3);
