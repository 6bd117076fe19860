import type { Tx } from '#base/database.ts';
import type { Span } from '#base/time.ts';
import { type Rewording, requoted } from './requoted.ts';

/** Which highlights to look at: those of an upload that overlap a span. */
interface Where {
  readonly uploadId: string;
  readonly span: Span<number>;
}

/** Quotes highlights anew whose sentences read otherwise, in the transaction of what changed them. */
export async function requoteHighlights(
  tx: Tx,
  { uploadId, span }: Where,
  rewordingsIn: (span: Span<number>) => readonly Rewording[],
): Promise<void> {
  const highlights = await tx.highlight.findMany({
    where: { uploadId, startMs: { lt: span.endMs }, endMs: { gt: span.startMs } },
    select: { id: true, quote: true, startMs: true, endMs: true },
    orderBy: { id: 'asc' },
  });
  for (const { id, quote, ...range } of highlights) {
    const now = requoted(quote, rewordingsIn(range));
    if (now !== quote) await tx.highlight.update({ where: { id }, data: { quote: now }, select: { id: true } });
  }
}
