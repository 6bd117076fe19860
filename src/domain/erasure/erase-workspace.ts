import type { Tx } from '#base/database.ts';
import { orderErasure } from '#retention/erase.ts';
import { withReceipt } from './erased-rows.ts';
import { lastLookAt, lockRuns, withdrawJobs } from './runs-in-flight.ts';
import { withdrawExports } from './withdraw-exports.ts';

/** Erases a workspace with all that is in it; gives what its readers must be woken by. */
export async function eraseWorkspace(
  tx: Tx,
  { workspaceId, receiptId }: { workspaceId: string; receiptId: string },
): Promise<readonly string[]> {
  await lockRuns(tx, { workspaceId });
  await tx.$queryRaw`select 1 as locked from workspaces where id = ${workspaceId}::uuid for update`;
  // Once more, for runs that were started before the workspace was locked.
  const runs = await lockRuns(tx, { workspaceId });
  await withdrawJobs(tx, runs);
  const awaiting = await tx.upload.findMany({
    where: { workspaceId, status: 'AWAITING_BYTES' },
    select: { storageKey: true },
  });
  const exported = await withdrawExports(tx, { workspaceId });
  const receipt = { id: receiptId, kind: 'WORKSPACE', subjectId: workspaceId, workspaceId: null } as const;
  await withReceipt(tx, { ...receipt, prefix: workspaceId }, async () => {
    await tx.idempotencyKey.deleteMany({ where: { workspaceId } });
    await tx.workspace.delete({ where: { id: workspaceId }, select: { id: true } });
  });
  await orderErasure(tx, {
    receiptId,
    elsewhere: [...exported, ...awaiting.map(({ storageKey }) => ({ bucket: 'uploads' as const, key: storageKey }))],
    lastLookAt: lastLookAt(new Date(), { inFlight: runs.inFlight, arrive: awaiting.length > 0 }),
  });
  return [...runs.ids, workspaceId];
}
