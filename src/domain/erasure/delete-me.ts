import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { longTransaction, type Tx } from '#base/database.ts';
import { globalId } from '#base/global-id.ts';
import { throughOutage } from '#base/outage.ts';
import { Problem } from '#base/problem.ts';
import { holdMembers } from '#domain/admission/hold-members.ts';
import type { Api, Viewer } from '#graph/context.ts';
import { patienceMs } from './delete-upload.ts';
import { erasePerson, type PersonReceipts } from './erase-person.ts';
import { isErased } from './erased-rows.ts';

const phrase = 'delete me';

export const deleteMeInput = z.object({ confirm: z.literal(phrase, { error: `Must be "${phrase}".` }) });

/**
 * Erases a person: the own workspace with all that is in it, memberships, exports, and the name on everything that stays
 * with others. The next sign-in makes a new person. CONFLICT while the person is the only owner of others' workspace.
 */
export async function deleteMe(
  _input: z.output<typeof deleteMeInput>,
  { userId }: Viewer,
  { database: { prisma }, wake }: Api,
): Promise<{ deletedId: string; receiptIds: readonly string[] }> {
  const receipts = { person: randomUUID(), workspace: randomUUID() };
  const done = await throughOutage(
    () => patienceMs,
    () => longTransaction(prisma, 120_000, (tx) => leave(tx, userId, receipts)),
  );
  for (const id of done.woken) wake(id);
  return { deletedId: globalId('User', userId), receiptIds: Object.values(receipts) };
}

async function leave(tx: Tx, userId: string, receipts: PersonReceipts): Promise<{ woken: readonly string[] }> {
  if (!(await isErased(tx, receipts.person))) {
    await holdMembers(tx, userId);
    await requireOtherOwners(tx, userId);
  }
  return erasePerson(tx, userId, receipts);
}

async function requireOtherOwners(tx: Tx, userId: string): Promise<void> {
  const rows = await tx.$queryRaw<{ workspaceId: string; userId: string; role: string; name: string }[]>`
    select m.workspace_id::text as "workspaceId", m.user_id::text as "userId", m.role::text as role, w.name
    from workspace_memberships m join workspaces w on w.id = m.workspace_id
    where m.workspace_id in (
      select workspace_id from workspace_memberships where user_id = ${userId}::uuid and role = 'OWNER')
    order by m.id`;
  const orphaned = [...Map.groupBy(rows, (row) => row.workspaceId).values()].filter((members) => {
    const others = members.filter((member) => member.userId !== userId);
    return others.length > 0 && others.every((member) => member.role !== 'OWNER');
  });
  if (orphaned.length === 0) return;
  const names = orphaned.flatMap(([first]) => first?.name ?? []).join(', ');
  throw new Problem('CONFLICT', {
    reason: `Somebody else must become an owner first, or they must be deleted: ${names}.`,
  });
}
