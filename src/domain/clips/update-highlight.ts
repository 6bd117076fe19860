import { z } from 'zod';
import type { Tx } from '#base/database.ts';
import { line } from '#base/line.ts';
import { Problem } from '#base/problem.ts';
import type { Span } from '#base/time.ts';
import { timeRange } from '#domain/files/time-range.ts';
import { type ChangedHighlight, changeHighlight } from '#domain/highlights/change-highlight.ts';
import { HighlightDecision } from '#generated/prisma/enums.ts';
import { type Api, type Viewer, visibleTo } from '#graph/context.ts';
import { idOf } from '#graph/ids.ts';
import { requireRole } from '#graph/permissions.ts';
import { footageOf } from './clip-bounds.ts';
import { followHighlight } from './follow-highlight.ts';
import { columnsWithin, recutClip } from './recut.ts';
import { reviseClip } from './revise-clip.ts';

export const updateHighlightInput = z
  .object({
    highlightId: idOf('Highlight'),
    baseRevision: z.int(),
    title: line(200).nullish(),
    range: timeRange.nullish(),
    decision: z.enum(HighlightDecision).nullish(),
  })
  .refine(({ title, range, decision }) => title != null || range != null || decision != null, {
    message: 'Name what to change: title, range or decision.',
  });

/**
 * Changes a highlight, and with it the clips that were cut of it: with other bounds they are cut anew and become stale,
 * one that has the highlight's title gets the new one. A clip that a person gave other bounds keeps them, as does one
 * beside which another clip of the highlight has the new ones. Reels show it as it is now, and without it where it is
 * dismissed. STALE_REVISION where it was changed meanwhile, CONFLICT where another highlight, or a clip of one, has these
 * bounds.
 */
export async function updateHighlight(
  { highlightId, ...change }: z.output<typeof updateHighlightInput>,
  viewer: Viewer,
  { database: { prisma } }: Api,
): Promise<{ highlightId: string }> {
  const where = { id: highlightId, ...visibleTo({ viewer }) };
  const select = { id: true, workspaceId: true, uploadId: true } as const;
  const highlight = await prisma.highlight.findFirst({ where, select });
  if (!highlight) throw new Problem('NOT_FOUND', { what: 'The highlight' });
  requireRole(viewer, highlight.workspaceId, 'updateHighlight');
  const update = async (tx: Tx) => {
    const changed = await changeHighlight(tx, highlight, change);
    await changeClips(tx, highlightId, changed);
    await followHighlight(tx, highlightId);
  };
  await prisma.$transaction(update, { timeout: 30_000, maxWait: 10_000 });
  return { highlightId };
}

async function changeClips(tx: Tx, highlightId: string, { before, title, span }: ChangedHighlight): Promise<void> {
  const where = { highlightId, origin: 'HIGHLIGHT' } as const;
  const clips = await tx.clip.findMany({ where, orderBy: { id: 'asc' }, select: { id: true, title: true } });
  for (const { id: clipId, title: shown } of clips) {
    const data = shown === before.title && title !== before.title ? { title } : {};
    if (isOther(span, before) && (await follows(tx, clipId, { before, span })))
      await recutClip(tx, { clipId, span, data });
    else if (data.title !== undefined) await reviseClip(tx, clipId, { stale: 'NONE', data });
  }
}

const isOther = (span: Span, before: Span): boolean => span.startMs !== before.startMs || span.endMs !== before.endMs;

/** Whether a clip shows what its highlight was, and no other clip of the highlight shows already what it is now. */
async function follows(tx: Tx, id: string, { before, span }: { before: Span; span: Span }): Promise<boolean> {
  const { uploadId, highlightId, cutsHash, ...leaving } = await tx.clip.findUniqueOrThrow({
    where: { id },
    select: { uploadId: true, highlightId: true, cutsHash: true, removeSilences: true, removeFillers: true },
  });
  const clip = { footage: await footageOf(tx, uploadId), ...leaving };
  if ((await columnsWithin(tx, clip, before)).cutsHash !== cutsHash) return false;
  const { cutsHash: next } = await columnsWithin(tx, clip, span);
  return (await tx.clip.count({ where: { highlightId, origin: 'HIGHLIGHT', cutsHash: next, id: { not: id } } })) === 0;
}
