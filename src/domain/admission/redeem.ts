import type { Tx } from '#base/database.ts';
import { tellMember } from './tell-member.ts';

/**
 * Makes a person a member wherever their verified address was invited; gives the workspaces. Who is one already, say by
 * the organisation, stays what they are. The caller holds the person.
 */
export async function redeem(tx: Tx, { id, email }: { id: string; email: string | null }): Promise<readonly string[]> {
  if (email === null) return [];
  const joined = await tx.$queryRaw<{ id: string; workspaceId: string; invitedById: string | null }[]>`
    with invited as (
      delete from workspace_invitations where email = ${email} and expires_at > now()
      returning workspace_id, role, invited_by_id
    ), joined as (
      insert into workspace_memberships (user_id, workspace_id, role)
      select ${id}::uuid, workspace_id, role from invited
      on conflict do nothing
      returning id, workspace_id
    )
    select joined.id::text as id, workspace_id::text as "workspaceId", invited_by_id::text as "invitedById"
    from joined join invited using (workspace_id)`;
  for (const { id: membershipId, workspaceId, invitedById: actorId } of joined) {
    await tellMember(tx, { workspaceId, membershipId, actorId });
  }
  return joined.map(({ workspaceId }) => workspaceId);
}
