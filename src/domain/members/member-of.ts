import type { Tx } from '#base/database.ts';
import { Problem } from '#base/problem.ts';
import { ownId } from '#domain/admission/admit.ts';
import type { WorkspaceRole } from '#generated/prisma/enums.ts';
import { type Viewer, visibleTo } from '#graph/context.ts';

/** A member of a workspace. */
export interface Member {
  readonly id: string;
  readonly workspaceId: string;
  readonly userId: string;
  readonly role: WorkspaceRole;
  /** Why their place is not ours to change; null where it is. */
  readonly fixed: string | null;
}

/**
 * A member of a workspace that the caller sees; NOT_FOUND for any other. They and the workspace's owners stay what they are
 * until the transaction ends, so that of two last owners who go at once the second stays. All are locked in one order.
 */
export async function memberOf(tx: Tx, viewer: Viewer, id: string): Promise<Member> {
  await tx.$queryRaw`
    select 1 as locked from workspace_memberships
    where workspace_id = (select workspace_id from workspace_memberships where id = ${id}::uuid)
      and (id = ${id}::uuid or role = 'OWNER')
    order by id for update`;
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
  const own = workspace.externalId === ownId(user.externalId);
  const fixed = knownAt ? 'This member comes from the organisation: change it there.' : null;
  return { ...member, fixed: own ? "It is this person's own workspace." : fixed };
}

/**
 * INVALID_STATE for a member by the identity provider's organisation, since its next word would undo the change, and for
 * the person whose own workspace it is.
 */
export function requireFree({ fixed }: Member): void {
  if (fixed !== null) throw new Problem('INVALID_STATE', { reason: fixed });
}
