import type { Tx } from '#base/database.ts';
import { Problem } from '#base/problem.ts';
import type { Span } from '#base/time.ts';
import { orderCaptions } from '#domain/transcripts/caption-order.ts';
import type { Prisma } from '#generated/prisma/client.ts';
import { type Footage, footageOf } from './clip-bounds.ts';
import { columnsOf } from './cuts-column.ts';
import { cutsWithin } from './planned-cuts.ts';
import { reviseClip } from './revise-clip.ts';

/** Which clip to cut anew: the whole span, from which it leaves out what it left out before. */
interface Recut {
  readonly clipId: string;
  readonly span: Span;
  /** Other columns that change with it. */
  readonly data?: Prisma.ClipUncheckedUpdateInput;
}

/**
 * Gives a clip other bounds and its next revision, in the caller's transaction, which has taken its turn on the upload:
 * all its renditions become stale, and its caption files are made again. With the same cuts as before nothing becomes
 * stale. CONFLICT where another clip has these cuts, INVALID_STATE for a reel.
 */
export async function recutClip(tx: Tx, { clipId, span, data = {} }: Recut): Promise<void> {
  const clip = await tx.clip.findUniqueOrThrow({
    where: { id: clipId },
    select: { uploadId: true, origin: true, cutsHash: true, removeSilences: true, removeFillers: true },
  });
  const { uploadId, origin, removeSilences, removeFillers } = clip;
  if (origin === 'REEL') throw new Problem('INVALID_STATE', { reason: 'A reel has the bounds of its highlights.' });
  const footage = await footageOf(tx, uploadId);
  const columns = await columnsWithin(tx, { footage, removeSilences, removeFillers }, span);
  if (columns.cutsHash === clip.cutsHash) {
    await reviseClip(tx, clipId, { stale: 'NONE', data });
    return;
  }
  const twin = { uploadId, origin, cutsHash: columns.cutsHash };
  if ((await tx.clip.count({ where: twin })) > 0)
    throw new Problem('CONFLICT', { reason: 'Another clip shows exactly this part already.' });
  await reviseClip(tx, clipId, { stale: 'ALL', data: { ...data, ...columns } });
  await orderCaptions(tx, footage.transcriptId);
}

/** What a clip leaves out of a span of its footage. */
interface Leaving {
  readonly footage: Footage;
  readonly removeSilences: boolean;
  readonly removeFillers: boolean;
}

/** The cuts that a clip has within a span, as they are written. */
export async function columnsWithin(tx: Tx, { footage, ...clips }: Leaving, span: Span) {
  return columnsOf(await cutsWithin(tx, { ...footage, recipe: { clips } }, span));
}
