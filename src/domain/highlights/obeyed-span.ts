import type { Tx } from '#base/database.ts';
import { type Span, sourceMs } from '#base/time.ts';
import { spokenWords } from '#domain/transcripts/spoken-lines.ts';
import type { Recording } from '#domain/uploads/recording.ts';
import { gridRate } from '#media/frame-rate.ts';
import { obeyed, type SnappedSpan, soundFrameRate } from './boundaries.ts';

/** Further away no word or silence decides where a bound goes. */
const aroundMs = 15_000;

/** A recording with what was said in it. */
export interface Spoken {
  readonly recording: Recording;
  readonly transcriptId: string;
}

/** A span that a person chose, at the bounds it is cut at: where they put them, but on whole frames and in no word. */
export async function obeyedSpan(tx: Tx, { recording, transcriptId }: Spoken, span: Span): Promise<SnappedSpan> {
  const { silences, facts } = recording;
  const near = { startMs: span.startMs - aroundMs, endMs: span.endMs + aroundMs };
  return obeyed(span, {
    words: await spokenWords(tx, transcriptId, near),
    silences,
    durationMs: sourceMs(facts.durationMs),
    frameRate: facts.video ? gridRate(facts.video) : soundFrameRate,
  });
}
