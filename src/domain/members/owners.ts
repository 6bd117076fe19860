import type { Tx } from '#base/database.ts';
import { Problem } from '#base/problem.ts';

/** A member who is to lose what they are. */
export interface Leaving {
  readonly id: string;
  readonly workspaceId: string;
}

/**
 * Keeps the owners of a workspace as they are until the transaction ends, so that of two last ones who go at once the
 * second stays. CONFLICT for the last one.
 */
export async function requireAnotherOwner(tx: Tx, { id, workspaceId }: Leaving): Promise<void> {
  const owners = await tx.$queryRaw<{ id: string }[]>`
    select id::text as id from workspace_memberships
    where workspace_id = ${workspaceId}::uuid and role = 'OWNER' order by id for update`;
  if (owners.some((owner) => owner.id !== id)) return;
  throw new Problem('CONFLICT', { reason: 'Somebody else must become an owner first: a workspace has at least one.' });
}
