import type { Tx } from '#base/database.ts';
import { Problem } from '#base/problem.ts';
import { ownId } from '#domain/admission/admit.ts';
import type { WorkspaceRole } from '#generated/prisma/enums.ts';
import { type Viewer, visibleTo } from '#graph/context.ts';

/** A member whose place may be changed here. */
export interface Member {
  readonly id: string;
  readonly workspaceId: string;
  readonly userId: string;
  readonly role: WorkspaceRole;
}

/**
 * A member of a workspace that the caller sees, held until the transaction ends; NOT_FOUND for any other. INVALID_STATE
 * for one whom the identity provider's organisation makes a member, since its next word would undo the change, and for
 * the person whose own workspace it is.
 */
export async function memberOf(tx: Tx, viewer: Viewer, id: string): Promise<Member> {
  await tx.$queryRaw`select 1 as locked from workspace_memberships where id = ${id}::uuid for no key update`;
  const row = await tx.workspaceMembership.findFirst({
    where: { id, ...visibleTo({ viewer }) },
    select: {
      id: true,
      workspaceId: true,
      userId: true,
      role: true,
      knownAt: true,
      user: { select: { externalId: true } },
      workspace: { select: { externalId: true } },
    },
  });
  if (!row) throw new Problem('NOT_FOUND', { what: 'The member' });
  const { knownAt, user, workspace, ...member } = row;
  if (knownAt)
    throw new Problem('INVALID_STATE', { reason: 'This member comes from the organisation: change it there.' });
  if (workspace.externalId === ownId(user.externalId))
    throw new Problem('INVALID_STATE', { reason: "It is this person's own workspace." });
  return member;
}
