import { z } from 'zod';
import { tellMember } from '#domain/admission/tell-member.ts';
import { WorkspaceRole } from '#generated/prisma/enums.ts';
import type { Api, Viewer } from '#graph/context.ts';
import { idOf } from '#graph/ids.ts';
import { requireRole } from '#graph/permissions.ts';
import { memberOf, requireFree } from './member-of.ts';
import { requireAnotherOwner } from './owners.ts';

export const setWorkspaceMemberRoleInput = z.object({
  membershipId: idOf('WorkspaceMembership'),
  role: z.enum(WorkspaceRole),
});

/**
 * Gives a member another role. Only owners make owners, or owners something else. CONFLICT for the last owner,
 * INVALID_STATE for a member of the identity provider's organisation.
 */
export async function setWorkspaceMemberRole(
  { membershipId, role }: z.output<typeof setWorkspaceMemberRoleInput>,
  viewer: Viewer,
  { database: { prisma }, wake }: Api,
): Promise<{ membershipId: string }> {
  const workspaceId = await prisma.$transaction(async (tx) => {
    const member = await memberOf(tx, viewer, membershipId);
    const owners = role === 'OWNER' || member.role === 'OWNER';
    requireRole(viewer, member.workspaceId, owners ? 'setWorkspaceMemberRole.owner' : 'setWorkspaceMemberRole');
    requireFree(member);
    if (member.role === role) return member.workspaceId;
    if (member.role === 'OWNER') await requireAnotherOwner(tx, member);
    await tx.workspaceMembership.update({ where: { id: membershipId }, data: { role }, select: { id: true } });
    await tellMember(tx, { workspaceId: member.workspaceId, membershipId, actorId: viewer.userId });
    return member.workspaceId;
  });
  wake(workspaceId);
  return { membershipId };
}
