import { z } from 'zod';
import { Problem } from '#base/problem.ts';
import { type Api, requireRole, type Viewer } from '#graph/context.ts';
import { idOf } from '#graph/ids.ts';
import { cancelRun } from '#pipeline/cancel-run.ts';

export const cancelRunInput = z.object({ runId: idOf('Run') });

/** Cancels a run of one of the caller's workspaces. */
export async function cancelVisibleRun(
  { runId }: z.output<typeof cancelRunInput>,
  viewer: Viewer,
  { database, wake }: Api,
): Promise<{ runId: string }> {
  const where = { id: runId, workspaceId: { in: [...viewer.roles.keys()] } };
  const run = await database.prisma.run.findFirst({ where, select: { workspaceId: true } });
  if (!run) throw new Problem('NOT_FOUND', { what: 'The run' });
  requireRole(viewer, run.workspaceId, { role: 'EDITOR', action: 'canceling runs' });
  await cancelRun({ database, wake }, runId);
  return { runId };
}
