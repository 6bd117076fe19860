import { Problem } from '#base/problem.ts';
import { durationOf, type Span } from '#base/time.ts';
import type { Input } from './ffmpeg-job.ts';

/** A stretch of the recording that is read in one go, and the cuts inside it. */
export interface Reach extends Span {
  readonly cuts: readonly Span[];
}

/**
 * Groups cuts into stretches to read. Cuts at most `gapMs` apart share one: opening the file again means decoding from
 * the key frame before (8 s of picture in a usual recording), while a reel must not decode the talk between its cuts.
 * Throws INVALID_INPUT unless cuts are in order and not empty.
 */
export function reachesOf(cuts: readonly Span[], gapMs = 8000): Reach[] {
  if (cuts.length === 0) throw new Problem('INVALID_INPUT', { reason: 'There is nothing to cut.' });
  const reaches: Reach[] = [];
  for (const cut of cuts) {
    const last = reaches.at(-1);
    if (cut.endMs <= cut.startMs || cut.startMs < (last?.endMs ?? 0)) {
      throw new Problem('INVALID_INPUT', { reason: 'Cuts must be in order and not empty.' });
    }
    if (last && cut.startMs - last.endMs <= gapMs) {
      reaches[reaches.length - 1] = { ...last, endMs: cut.endMs, cuts: [...last.cuts, cut] };
    } else reaches.push({ ...cut, cuts: [cut] });
  }
  return reaches;
}

/** The input of one stretch. Both options stand before -i: seeking is then exact, and limits every output. */
export const inputOf = (file: string, reach: Reach): Input => ({
  file,
  options: ['-ss', seconds(reach.startMs), '-t', seconds(durationOf(reach))],
});

/** Length of all cuts together, in milliseconds. */
export const totalOf = (cuts: readonly Span[]): number => cuts.reduce((sum, cut) => sum + durationOf(cut), 0);

const seconds = (ms: number): string => (ms / 1000).toFixed(3);
