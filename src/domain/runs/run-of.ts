import type { Database } from '#base/database.ts';
import { Problem } from '#base/problem.ts';
import { type Viewer, visibleTo } from '#graph/context.ts';
import { type MutationName, requireRole } from '#graph/permissions.ts';

/**
 * A run that the caller may change so. NOT_FOUND for a run that the caller does not see, FORBIDDEN for one that they only
 * see.
 */
export async function runOf({ prisma }: Database, viewer: Viewer, { id, name }: { id: string; name: MutationName }) {
  const run = await prisma.run.findFirst({
    where: { id, ...visibleTo({ viewer }) },
    select: { id: true, workspaceId: true, uploadId: true },
  });
  if (!run) throw new Problem('NOT_FOUND', { what: 'The run' });
  requireRole(viewer, run.workspaceId, name);
  return run;
}
