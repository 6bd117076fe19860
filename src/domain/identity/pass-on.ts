import type { Tx } from '#base/database.ts';
import { holdMembers } from '#domain/admission/hold-members.ts';
import { tellMember } from '#domain/admission/tell-member.ts';

/** Makes the next in rank, of these who came first, owner wherever a person is the last one; gives the workspaces. */
export async function passOn(tx: Tx, userId: string): Promise<readonly string[]> {
  await holdMembers(tx, userId);
  const heirs = await tx.$queryRaw<{ id: string; workspaceId: string }[]>`
    update workspace_memberships m set role = 'OWNER' from (
      select distinct on (o.workspace_id) o.id
      from workspace_memberships mine
      join workspace_memberships o on o.workspace_id = mine.workspace_id and o.user_id <> mine.user_id
      join workspaces w on w.id = mine.workspace_id
      join users u on u.id = mine.user_id
      where mine.user_id = ${userId}::uuid and mine.role = 'OWNER' and w.external_id <> 'user:' || u.external_id
        and not exists (
          select 1 from workspace_memberships other
          where other.workspace_id = mine.workspace_id and other.user_id <> mine.user_id and other.role = 'OWNER')
      order by o.workspace_id, o.role, o.joined_at, o.id
    ) heir
    where m.id = heir.id
    returning m.id::text as id, m.workspace_id::text as "workspaceId"`;
  for (const { id: membershipId, workspaceId } of heirs) {
    await tellMember(tx, { workspaceId, membershipId, actorId: null });
  }
  return heirs.map(({ workspaceId }) => workspaceId);
}
