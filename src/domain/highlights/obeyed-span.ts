import type { Tx } from '#base/database.ts';
import { type Span, sourceMs } from '#base/time.ts';
import { spokenWords } from '#domain/transcripts/spoken-lines.ts';
import type { Recording } from '#domain/uploads/recording.ts';
import { obeyed, type SnappedSpan } from './boundaries.ts';

/** Further away nothing decides where a bound goes. */
const aroundMs = 15_000;
const defaultFrameRate = 25;

/** A span that a person chose, at the bounds it is cut at: where they put them, but on whole frames and in no word. */
export async function obeyedSpan(
  tx: Tx,
  { recording, transcriptId }: { recording: Recording; transcriptId: string },
  span: Span,
): Promise<SnappedSpan> {
  const near = { startMs: sourceMs(Math.max(0, span.startMs - aroundMs)), endMs: sourceMs(span.endMs + aroundMs) };
  const rows = await tx.transcriptSegment.findMany({
    where: { transcriptId, startMs: { lt: near.endMs }, endMs: { gt: near.startMs } },
    orderBy: { position: 'asc' },
    select: { startMs: true, endMs: true },
  });
  const { silences, facts } = recording;
  return obeyed(span, {
    words: await spokenWords(tx, transcriptId, near),
    sentences: rows.map(({ startMs, endMs }) => ({ startMs: sourceMs(startMs), endMs: sourceMs(endMs) })),
    silences,
    durationMs: sourceMs(facts.durationMs),
    frameRate: facts.video?.frameRate ?? defaultFrameRate,
  });
}
