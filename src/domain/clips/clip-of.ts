import type { Tx } from '#base/database.ts';
import { Problem } from '#base/problem.ts';
import { takeTurn } from '#domain/uploads/take-turn.ts';
import { type Api, type Viewer, visibleTo } from '#graph/context.ts';
import { type MutationName, requireRole } from '#graph/permissions.ts';

/** A clip that the caller may change so. NOT_FOUND for one that they do not see, FORBIDDEN for one that they only see. */
export async function clipOf(
  { database: { prisma } }: Api,
  viewer: Viewer,
  { id, name }: { id: string; name: MutationName },
): Promise<{ id: string; workspaceId: string; uploadId: string }> {
  const select = { id: true, workspaceId: true, uploadId: true } as const;
  const clip = await prisma.clip.findFirst({ where: { id, ...visibleTo({ viewer }) }, select });
  if (!clip) throw new Problem('NOT_FOUND', { what: 'The clip' });
  requireRole(viewer, clip.workspaceId, name);
  return clip;
}

/** Holds a clip's recording until the transaction ends; STALE_REVISION where the clip has another revision by then. */
export async function holdClip(
  tx: Tx,
  { id, uploadId }: { id: string; uploadId: string },
  expectedRevision: number,
): Promise<void> {
  await takeTurn(tx, uploadId);
  const clip = await tx.clip.findUnique({ where: { id }, select: { revision: true } });
  if (!clip) throw new Problem('NOT_FOUND', { what: 'The clip' });
  const { revision: currentRevision } = clip;
  if (currentRevision !== expectedRevision) throw new Problem('STALE_REVISION', { expectedRevision, currentRevision });
}
