import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { longTransaction } from '#base/database.ts';
import { globalId } from '#base/global-id.ts';
import { throughOutage } from '#base/outage.ts';
import { Problem } from '#base/problem.ts';
import type { Api, Viewer } from '#graph/context.ts';
import { idOf } from '#graph/ids.ts';
import { requireRole } from '#graph/permissions.ts';
import { patienceMs } from './delete-upload.ts';
import { eraseWorkspace } from './erase-workspace.ts';
import { isErased } from './erased-rows.ts';

export const deleteWorkspaceInput = z.object({ workspaceId: idOf('Workspace'), confirmSlug: z.string() });

/** Erases a workspace, its ledger included; its owner only, who must type its slug. The receipt alone outlives it. */
export async function deleteWorkspace(
  { workspaceId, confirmSlug }: z.output<typeof deleteWorkspaceInput>,
  viewer: Viewer,
  { database: { prisma }, wake }: Api,
): Promise<{ deletedId: string; receiptId: string }> {
  requireRole(viewer, workspaceId, 'deleteWorkspace');
  const workspace = await prisma.workspace.findUnique({ where: { id: workspaceId }, select: { slug: true } });
  if (!workspace) throw new Problem('NOT_FOUND', { what: 'The workspace' });
  if (workspace.slug !== confirmSlug) {
    const reason = 'The slug to confirm with is not that of the workspace.';
    throw new Problem('INVALID_INPUT', { reason, path: ['input', 'confirmSlug'] });
  }
  const receiptId = randomUUID();
  const woken = await throughOutage(
    () => patienceMs,
    () =>
      longTransaction(prisma, 120_000, async (tx) =>
        (await isErased(tx, receiptId)) ? [] : eraseWorkspace(tx, { workspaceId, receiptId }),
      ),
  );
  for (const id of woken) wake(id);
  return { deletedId: globalId('Workspace', workspaceId), receiptId };
}
