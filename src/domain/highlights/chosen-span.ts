import type { Tx } from '#base/database.ts';
import { Problem } from '#base/problem.ts';
import { durationOf, sourceMs } from '#base/time.ts';
import type { RangeShape } from '#domain/files/time-range.ts';
import { spokenWords } from '#domain/transcripts/spoken-lines.ts';
import type { Recording } from '#domain/uploads/recording.ts';
import { obeyed, type SnappedSpan, soundFrameRate } from './boundaries.ts';

/** Shorter is a glimpse; longer than a recipe may ask for is no highlight. */
const [leastMs, mostMs] = [1_000, 600_000];
/** Further away no word or silence decides where a bound goes. */
const aroundMs = 15_000;

interface Heard {
  readonly recording: Recording;
  readonly transcriptId: string;
}

/** The bounds that a person gave a highlight, on whole frames and never inside a word. INVALID_INPUT where they cannot be. */
export async function chosenSpan(tx: Tx, { recording, transcriptId }: Heard, range: RangeShape): Promise<SnappedSpan> {
  const { facts, silences } = recording;
  const refused = (reason: string): Problem => new Problem('INVALID_INPUT', { reason, path: ['input', 'range'] });
  if (range.endMs > facts.durationMs) throw refused(`The recording ends at ${facts.durationMs} ms.`);
  const span = { startMs: sourceMs(range.startMs), endMs: sourceMs(range.endMs) };
  if (durationOf(span) < leastMs || durationOf(span) > mostMs)
    throw refused(`A highlight lasts ${leastMs / 1000} second to ${mostMs / 60_000} minutes.`);
  const near = { startMs: span.startMs - aroundMs, endMs: span.endMs + aroundMs };
  return obeyed(span, {
    words: await spokenWords(tx, transcriptId, near),
    sentences: [],
    silences,
    durationMs: sourceMs(facts.durationMs),
    frameRate: facts.video?.frameRate ?? soundFrameRate,
  });
}
