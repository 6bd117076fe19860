import type { Tx } from '#base/database.ts';
import { Problem } from '#base/problem.ts';
import { durationOf, type Span, sourceMs } from '#base/time.ts';
import type { RangeShape } from '#domain/files/time-range.ts';
import { obeyedSpan } from '#domain/highlights/obeyed-span.ts';
import { type Recording, recordingOf } from '#domain/uploads/recording.ts';

/** Shorter is a glimpse; longer does not encode in the time that a stage has. */
const [leastMs, mostMs] = [1_000, 30 * 60_000];

/** A recording with what was said in it: what clips are cut of. */
export interface Footage {
  readonly recording: Recording;
  readonly transcriptId: string;
}

/** Reads what clips of an upload are cut of. INVALID_STATE where its bytes or its transcript are not there. */
export async function footageOf(tx: Tx, uploadId: string): Promise<Footage> {
  const upload = await tx.upload.findUniqueOrThrow({
    where: { id: uploadId },
    select: {
      status: true,
      transcripts: { where: { isTranslation: false }, orderBy: { createdAt: 'desc' }, take: 1, select: { id: true } },
    },
  });
  const [transcript] = upload.transcripts;
  if (upload.status !== 'READY')
    throw new Problem('INVALID_STATE', { reason: `The upload is not ready for clips (${upload.status}).` });
  if (!transcript) throw new Problem('INVALID_STATE', { reason: 'The recording has no transcript yet.' });
  return { recording: await recordingOf(tx, uploadId), transcriptId: transcript.id };
}

/** A range that a person chose, on whole frames and out of the words that it would cut. INVALID_INPUT with the range's path. */
export async function chosenBounds(
  tx: Tx,
  footage: Footage,
  { range, path }: { range: RangeShape; path: readonly string[] },
): Promise<Span> {
  const { durationMs } = footage.recording.facts;
  const refused = (reason: string): Problem => new Problem('INVALID_INPUT', { reason, path });
  if (range.endMs > durationMs) throw refused(`The recording ends at ${durationMs} ms.`);
  const span = { startMs: sourceMs(range.startMs), endMs: sourceMs(range.endMs) };
  if (durationOf(span) < leastMs || durationOf(span) > mostMs)
    throw refused(`A clip lasts ${leastMs / 1000} second to ${mostMs / 60_000} minutes.`);
  const { startMs, endMs } = await obeyedSpan(tx, footage, span);
  return { startMs, endMs };
}
