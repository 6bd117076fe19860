import type { Tx } from '#base/database.ts';
import { type Span, sourceMs } from '#base/time.ts';

/** A highlight that a person decided about. */
export interface DecidedHighlight extends Span {
  readonly id: string;
  /** False where it was dismissed. */
  readonly kept: boolean;
}

/**
 * What people decided about an upload's highlights: what they accepted, renamed or re-bound stands, the best `count` of
 * it; what they dismissed is not proposed again.
 */
export async function decidedHighlights(tx: Tx, uploadId: string, count: number): Promise<DecidedHighlight[]> {
  const rows = await tx.highlight.findMany({
    where: { uploadId, OR: [{ decision: { not: 'PROPOSED' } }, { revision: { gt: 1 } }] },
    orderBy: [{ importance: 'desc' }, { startMs: 'asc' }],
    select: { id: true, startMs: true, endMs: true, decision: true },
  });
  const all = rows.map(({ id, startMs, endMs, decision }) => ({
    id,
    startMs: sourceMs(startMs),
    endMs: sourceMs(endMs),
    kept: decision !== 'DISMISSED',
  }));
  return [...all.filter((one) => one.kept).slice(0, count), ...all.filter((one) => !one.kept)];
}
