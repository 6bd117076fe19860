import { z } from 'zod';
import { Problem } from '#base/problem.ts';
import { type Api, type Viewer, visibleTo } from '#graph/context.ts';
import { idOf } from '#graph/ids.ts';
import { requireRole } from '#graph/permissions.ts';

export const dismissStageRunInput = z.object({ stageRunId: idOf('StageRun') });

/** Settles a failed stage that nobody will retry; once more changes nothing. INVALID_STATE for one that has not failed. */
export async function dismissStageRun(
  { stageRunId }: z.output<typeof dismissStageRunInput>,
  viewer: Viewer,
  { database: { prisma } }: Api,
): Promise<{ stageRunId: string }> {
  const where = { id: stageRunId, ...visibleTo({ viewer }) };
  const row = await prisma.stageRun.findFirst({ where, select: { workspaceId: true, status: true } });
  if (!row) throw new Problem('NOT_FOUND', { what: 'The stage' });
  requireRole(viewer, row.workspaceId, 'dismissStageRun');
  if (row.status !== 'FAILED')
    throw new Problem('INVALID_STATE', { reason: `The stage has not failed (${row.status}).` });
  await prisma.stageRun.updateMany({ where: { id: stageRunId, settledAt: null }, data: { settledAt: new Date() } });
  return { stageRunId };
}
