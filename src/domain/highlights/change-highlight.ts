import type { Tx } from '#base/database.ts';
import { Problem } from '#base/problem.ts';
import { type Span, sourceMs } from '#base/time.ts';
import type { RangeShape } from '#domain/files/time-range.ts';
import { spokenText } from '#domain/transcripts/spoken-lines.ts';
import { recordingOf } from '#domain/uploads/recording.ts';
import { takeTurn } from '#domain/uploads/take-turn.ts';
import type { HighlightDecision } from '#generated/prisma/enums.ts';
import { chosenSpan } from './chosen-span.ts';
import { retold } from './retold.ts';

/** What a person changes of a highlight, and which revision they had before them. */
interface Change {
  readonly baseRevision: number;
  readonly title?: string | null | undefined;
  readonly range?: RangeShape | null | undefined;
  readonly decision?: HighlightDecision | null | undefined;
}

/** A highlight as it is after a change, and what it was. */
export interface ChangedHighlight {
  readonly title: string;
  readonly span: Span;
  readonly before: Span & { readonly title: string };
}

/**
 * Changes a highlight in its caller's transaction, which takes its turn on the upload. STALE_REVISION where somebody
 * changed it meanwhile, CONFLICT where another one has these bounds, INVALID_INPUT for bounds that cannot be.
 */
export async function changeHighlight(
  tx: Tx,
  { id, uploadId }: { readonly id: string; readonly uploadId: string },
  { baseRevision, title, range, decision }: Change,
): Promise<ChangedHighlight> {
  await takeTurn(tx, uploadId);
  const row = await tx.highlight.findUnique({
    where: { id },
    select: { revision: true, title: true, startMs: true, endMs: true, quote: true, summary: true },
  });
  if (!row) throw new Problem('NOT_FOUND', { what: 'The highlight' });
  if (row.revision !== baseRevision)
    throw new Problem('STALE_REVISION', { expectedRevision: baseRevision, currentRevision: row.revision });
  const before = { title: row.title, startMs: sourceMs(row.startMs), endMs: sourceMs(row.endMs) };
  const rebound = range == null ? null : await reboundTo(tx, { id, uploadId, told: row }, range);
  const data = { title: title ?? row.title, ...(decision != null && { decision }), ...rebound };
  await tx.highlight.update({ where: { id }, data: { ...data, revision: { increment: 1 } }, select: { id: true } });
  return { title: data.title, span: rebound ?? before, before };
}

/** The columns of other bounds. */
async function reboundTo(
  tx: Tx,
  { id, uploadId, told }: { id: string; uploadId: string; told: { quote: string; summary: string } },
  range: RangeShape,
) {
  const recording = await recordingOf(tx, uploadId);
  const spoken = await spokenText(tx, uploadId);
  const { reasons, startMs, endMs } = await chosenSpan(tx, { recording, transcriptId: spoken.transcriptId }, range);
  const twin = { uploadId, startMs, endMs, id: { not: id } };
  if ((await tx.highlight.count({ where: twin })) > 0)
    throw new Problem('CONFLICT', { reason: 'Another highlight has these bounds.' });
  const { quote, summary } = retold(told, spoken, { startMs, endMs });
  return { startMs, endMs, startReason: reasons.start, endReason: reasons.end, quote, summary };
}
