import type { Tx } from '#base/database.ts';
import type { Span } from '#base/time.ts';
import { cutsOf } from '#domain/clips/cuts-column.ts';
import { heardIn } from '#domain/clips/reheard.ts';
import { captioned, reviseClip } from '#domain/clips/revise-clip.ts';
import { requoteHighlights } from '#domain/highlights/requote.ts';
import type { Rewording } from '#domain/highlights/requoted.ts';
import { orderCaptions } from '#domain/transcripts/caption-order.ts';
import { spokenTranscript } from '#domain/transcripts/spoken-lines.ts';
import { type Change, segmentsOf } from './change.ts';
import type { HeldTranscript } from './held-transcript.ts';

/**
 * What an edit means for what was made of the transcript, in its commit: clips in which other words are heard get their
 * next revision, highlights are quoted anew, and a chore makes the caption files again. Posts need nothing: their
 * quotes are compared with the transcript when they are read.
 */
export async function reviseDerived(tx: Tx, transcript: HeldTranscript, change: Change): Promise<void> {
  const changed = [...segmentsOf(change.before), ...segmentsOf(change.after)];
  if (changed.length === 0) return;
  const span = {
    startMs: Math.min(...changed.map(({ startMs }) => startMs)),
    endMs: Math.max(...changed.map(({ endMs }) => endMs)),
  };
  const { id: transcriptId, uploadId } = transcript;
  if ((await spokenTranscript(tx, uploadId)).id === transcriptId) {
    await reviseClips(tx, { uploadId, span, change });
    const rewordings = rewordingsOf(change);
    await requoteHighlights(tx, { uploadId, span }, () => rewordings);
  }
  await orderCaptions(tx, transcriptId);
}

interface Within {
  readonly uploadId: string;
  readonly span: Span<number>;
  readonly change: Change;
}

/** Only what is drawn into a picture shows words; other renditions of a clip go along with its revision. */
async function reviseClips(tx: Tx, { uploadId, span, change }: Within): Promise<void> {
  const before = segmentsOf(change.before).flatMap(({ words }) => words);
  const after = segmentsOf(change.after).flatMap(({ words }) => words);
  const clips = await tx.clip.findMany({
    where: { uploadId, startMs: { lt: span.endMs }, endMs: { gt: span.startMs } },
    select: { id: true, cuts: true },
    orderBy: { id: 'asc' },
  });
  for (const { id, cuts } of clips)
    if (heardIn(before, cutsOf(cuts)) !== heardIn(after, cutsOf(cuts))) await reviseClip(tx, id, { stale: captioned });
}

const rewordingsOf = ({ before, after }: Change): Rewording[] =>
  before.hunks.map(({ segments }, at) => ({ before: segments, after: after.hunks[at]?.segments ?? [] }));
