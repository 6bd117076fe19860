import { z } from 'zod';
import { Problem } from '#base/problem.ts';
import type { Api, Viewer } from '#graph/context.ts';
import { idOf } from '#graph/ids.ts';
import { requireRole } from '#graph/permissions.ts';
import { planNames } from '#usage/plans.ts';

export const setWorkspacePlanInput = z.object({ workspaceId: idOf('Workspace'), plan: z.enum(planNames) });

/** Changes what a workspace may use. What is reserved already stays; only the deployment's admins may. */
export async function setWorkspacePlan(
  { workspaceId, plan }: z.output<typeof setWorkspacePlanInput>,
  viewer: Viewer,
  { database }: Api,
): Promise<{ workspaceId: string }> {
  requireRole(viewer, workspaceId, 'setWorkspacePlan');
  const { count } = await database.prisma.workspace.updateMany({ where: { id: workspaceId }, data: { plan } });
  if (count === 0) throw new Problem('NOT_FOUND', { what: 'The workspace' });
  return { workspaceId };
}
