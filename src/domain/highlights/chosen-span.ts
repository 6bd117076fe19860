import type { Tx } from '#base/database.ts';
import { Problem } from '#base/problem.ts';
import { durationOf, sourceMs } from '#base/time.ts';
import type { RangeShape } from '#domain/files/time-range.ts';
import type { SnappedSpan } from './boundaries.ts';
import { obeyedSpan, type Spoken } from './obeyed-span.ts';

/** Shorter is a glimpse; longer than a recipe may ask for is no highlight. */
const [leastMs, mostMs] = [1_000, 600_000];

/** The bounds that a person gave a highlight, as they are cut. INVALID_INPUT where they cannot be. */
export async function chosenSpan(tx: Tx, spoken: Spoken, range: RangeShape): Promise<SnappedSpan> {
  const { durationMs } = spoken.recording.facts;
  const refused = (reason: string): Problem => new Problem('INVALID_INPUT', { reason, path: ['input', 'range'] });
  if (range.endMs > durationMs) throw refused(`The recording ends at ${durationMs} ms.`);
  const span = { startMs: sourceMs(range.startMs), endMs: sourceMs(range.endMs) };
  if (durationOf(span) < leastMs || durationOf(span) > mostMs)
    throw refused(`A highlight lasts ${leastMs / 1000} second to ${mostMs / 60_000} minutes.`);
  return obeyedSpan(tx, spoken, span);
}
