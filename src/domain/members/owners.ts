import type { Tx } from '#base/database.ts';
import { Problem } from '#base/problem.ts';
import type { Member } from './member-of.ts';

/** CONFLICT for the last owner of a workspace, who is to become something else or to go. */
export async function requireAnotherOwner(tx: Tx, { id, workspaceId }: Member): Promise<void> {
  const where = { workspaceId, role: 'OWNER' as const, id: { not: id } };
  if ((await tx.workspaceMembership.count({ where })) > 0) return;
  throw new Problem('CONFLICT', { reason: 'Somebody else must become an owner first: a workspace has at least one.' });
}
