import { z } from 'zod';
import type { Tx } from '#base/database.ts';
import { globalId } from '#base/global-id.ts';
import { Problem } from '#base/problem.ts';
import { tellMember } from '#domain/admission/tell-member.ts';
import { type Api, type Viewer, visibleTo } from '#graph/context.ts';
import { parseGlobalId } from '#graph/ids.ts';
import { type PermissionName, requireRole } from '#graph/permissions.ts';
import { memberOf, requireFree } from './member-of.ts';
import { requireAnotherOwner } from './owners.ts';

export const removeWorkspaceMemberInput = z.object({ membershipId: z.string() });

/**
 * Removes a member with the API keys they made, or an invitation that waits. Anybody may leave. Open subscriptions end
 * within seconds. CONFLICT for the last owner, INVALID_STATE for a member of the identity provider's organisation.
 */
export async function removeWorkspaceMember(
  { membershipId: deletedId }: z.output<typeof removeWorkspaceMemberInput>,
  viewer: Viewer,
  { database: { prisma }, wake }: Api,
): Promise<{ deletedId: string }> {
  const { typename, id } = parseGlobalId(deletedId) ?? { typename: '', id: '' };
  const workspaceId = await prisma.$transaction(async (tx) => {
    if (typename === 'WorkspaceMembership') return removed(tx, viewer, id);
    if (typename === 'WorkspaceInvitation') return withdrawn(tx, viewer, id);
    throw new Problem('NOT_FOUND', { what: 'The member', path: ['input', 'membershipId'] });
  });
  wake(workspaceId);
  return { deletedId: globalId(typename, id) };
}

async function removed(tx: Tx, viewer: Viewer, id: string): Promise<string> {
  const member = await memberOf(tx, viewer, id);
  const { workspaceId, userId, role } = member;
  requireRole(viewer, workspaceId, rightTo(viewer, { userId, role }));
  requireFree(member);
  if (role === 'OWNER') await requireAnotherOwner(tx, member);
  await tellMember(tx, { workspaceId, membershipId: id, actorId: viewer.userId });
  await tx.workspaceMembership.delete({ where: { id }, select: { id: true } });
  return workspaceId;
}

function rightTo(viewer: Viewer, { userId, role }: { userId: string; role: string }): PermissionName {
  if (userId === viewer.userId) return 'removeWorkspaceMember.self';
  return role === 'OWNER' ? 'removeWorkspaceMember.owner' : 'removeWorkspaceMember';
}

async function withdrawn(tx: Tx, viewer: Viewer, id: string): Promise<string> {
  const where = { id, ...visibleTo({ viewer }) };
  const invitation = await tx.workspaceInvitation.findFirst({ where, select: { workspaceId: true } });
  if (!invitation) throw new Problem('NOT_FOUND', { what: 'The invitation' });
  requireRole(viewer, invitation.workspaceId, 'removeWorkspaceMember');
  await tx.workspaceInvitation.deleteMany({ where: { id } });
  return invitation.workspaceId;
}
