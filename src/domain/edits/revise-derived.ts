import type { Tx } from '#base/database.ts';
import type { Span } from '#base/time.ts';
import { cutsOf } from '#domain/clips/cuts-column.ts';
import { heardIn } from '#domain/clips/reheard.ts';
import { captioned, reviseClip } from '#domain/clips/revise-clip.ts';
import { orderCaptions } from '#domain/transcripts/caption-order.ts';
import { spokenTranscript } from '#domain/transcripts/spoken-lines.ts';
import { type Change, segmentsOf } from './change.ts';
import type { HeldTranscript } from './held-transcript.ts';
import { requoted } from './requoted.ts';

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
    await requoteHighlights(tx, { uploadId, span, change });
  }
  await orderCaptions(tx, transcriptId);
}

interface Within {
  readonly uploadId: string;
  readonly span: Span<number>;
  readonly change: Change;
}

const overlapping = ({ uploadId, span }: Within) => ({
  uploadId,
  startMs: { lt: span.endMs },
  endMs: { gt: span.startMs },
});

/** Only what is drawn into a picture shows words; other renditions of a clip go along with its revision. */
async function reviseClips(tx: Tx, within: Within): Promise<void> {
  const before = segmentsOf(within.change.before).flatMap(({ words }) => words);
  const after = segmentsOf(within.change.after).flatMap(({ words }) => words);
  const clips = await tx.clip.findMany({
    where: overlapping(within),
    select: { id: true, cuts: true },
    orderBy: { id: 'asc' },
  });
  for (const { id, cuts } of clips)
    if (heardIn(before, cutsOf(cuts)) !== heardIn(after, cutsOf(cuts))) await reviseClip(tx, id, { stale: captioned });
}

async function requoteHighlights(tx: Tx, within: Within): Promise<void> {
  const highlights = await tx.highlight.findMany({
    where: overlapping(within),
    select: { id: true, quote: true },
    orderBy: { id: 'asc' },
  });
  for (const { id, quote } of highlights) {
    const now = requoted(quote, within.change);
    if (now !== quote) await tx.highlight.update({ where: { id }, data: { quote: now }, select: { id: true } });
  }
}
