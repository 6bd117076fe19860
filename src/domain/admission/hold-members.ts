import type { Tx } from '#base/database.ts';

/**
 * Until the transaction ends nobody joins in changing who owns the workspaces that a person is in: of two owners who go at
 * once, the second one sees that the first is gone. Also those where they own nothing, which somebody who goes may be
 * leaving to them at this moment. All are locked in one order, that of removing a single member.
 */
export const holdMembers = async (tx: Tx, userId: string): Promise<void> =>
  void (await tx.$queryRaw`
    select 1 as locked from workspace_memberships
    where workspace_id in (select workspace_id from workspace_memberships where user_id = ${userId}::uuid)
    order by id for update`);
