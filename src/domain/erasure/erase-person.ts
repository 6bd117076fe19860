import type { Tx } from '#base/database.ts';
import { Problem } from '#base/problem.ts';
import { orderErasure } from '#retention/erase.ts';
import { eraseWorkspace } from './erase-workspace.ts';
import { isErased, withReceipt } from './erased-rows.ts';

/** Ids of the receipts: of the person, and of the own workspace. */
export interface PersonReceipts {
  readonly person: string;
  readonly workspace: string;
}

/**
 * Erases a person with their own workspace, in the caller's transaction; gives what must be woken. NOT_FOUND for nobody.
 * Invitations to their address go, too.
 */
export async function erasePerson(
  tx: Tx,
  userId: string,
  receipts: PersonReceipts,
): Promise<{ woken: readonly string[] }> {
  if (await isErased(tx, receipts.person)) return { woken: [] };
  const [person] = await tx.$queryRaw<{ externalId: string; email: string | null }[]>`
    select external_id as "externalId", email from users where id = ${userId}::uuid for update`;
  if (!person) throw new Problem('NOT_FOUND', { what: 'The person' });
  const own = await tx.workspace.findUnique({
    where: { externalId: `user:${person.externalId}` },
    select: { id: true },
  });
  const woken = own ? await eraseWorkspace(tx, { workspaceId: own.id, receiptId: receipts.workspace }) : [];
  const receipt = { id: receipts.person, kind: 'PERSON', subjectId: userId, workspaceId: null } as const;
  await withReceipt(tx, { ...receipt, prefix: userId }, async () => {
    if (person.email !== null) await tx.workspaceInvitation.deleteMany({ where: { email: person.email } });
    await tx.idempotencyKey.deleteMany({ where: { workspaceId: userId } });
    await tx.workspaceActivity.updateMany({ where: { actorId: userId }, data: { actorId: null } });
    await tx.user.delete({ where: { id: userId }, select: { id: true } });
  });
  await orderErasure(tx, { receiptId: receipts.person, elsewhere: [], lastLookAt: null });
  return { woken };
}
