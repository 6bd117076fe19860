import type { Database } from '#base/database.ts';
import { Problem } from '#base/problem.ts';
import { requireRole, type Viewer, visibleTo } from '#graph/context.ts';

/**
 * A run that the caller may change: an editor of its workspace, or an admin of the deployment. NOT_FOUND for a run that
 * the caller does not see, FORBIDDEN for one that they only see.
 */
export async function runOf({ prisma }: Database, viewer: Viewer, { id, action }: { id: string; action: string }) {
  const run = await prisma.run.findFirst({
    where: { id, ...visibleTo({ viewer }) },
    select: { id: true, workspaceId: true, uploadId: true },
  });
  if (!run) throw new Problem('NOT_FOUND', { what: 'The run' });
  requireRole(viewer, run.workspaceId, { role: 'EDITOR', action, orAdmin: true });
  return run;
}
