import { z } from 'zod';
import type { Tx } from '#base/database.ts';
import { Problem } from '#base/problem.ts';
import type { Api, Viewer } from '#graph/context.ts';
import { answerWith, idempotencyKey, onceIfKeyed } from '#graph/once.ts';
import { kept } from '#retention/kept.ts';
import { addChore } from '#work/chore.ts';
import { exportChore } from './make-export.ts';

export const exportMyDataInput = z.object({ again: z.boolean().nullish(), idempotencyKey: idempotencyKey.nullish() });

/** Each is a file of its own until it expires. */
const mostExports = 5;

/**
 * Asks for one file with everything that is here of the caller; the one of less than a day ago, unless asked again. The
 * same key asks once.
 * INVALID_STATE for one too many. What was said is told of the workspaces that this session opens.
 */
export async function exportMyData(
  { again, idempotencyKey: key }: z.output<typeof exportMyDataInput>,
  { userId, roles }: Viewer,
  { database: { prisma } }: Api,
): Promise<{ exportId: string }> {
  return prisma.$transaction(async (tx) => {
    const request = { workspaceId: userId, key, operation: 'exportMyData', input: { again: again ?? false } };
    const { answerId, replayed } = await onceIfKeyed(tx, request);
    if (answerId && replayed) return { exportId: answerId };
    const exportId = await requested(tx, { userId, again: again ?? false, workspaceIds: [...roles.keys()] });
    await answerWith(tx, request, exportId);
    return { exportId };
  });
}

interface Wanted {
  readonly userId: string;
  readonly again: boolean;
  readonly workspaceIds: readonly string[];
}

async function requested(tx: Tx, { userId, again, workspaceIds }: Wanted): Promise<string> {
  // Two requests at once are one export.
  await tx.$queryRaw`select 1 as locked from users where id = ${userId}::uuid for no key update`;
  const now = new Date();
  const standing = await tx.dataExport.findFirst({
    where: { userId, expiresAt: { gt: now }, ...(again && { readyAt: null }) },
    orderBy: { requestedAt: 'desc' },
    select: { id: true },
  });
  if (standing) return standing.id;
  if ((await tx.dataExport.count({ where: { userId, expiresAt: { gt: now } } })) >= mostExports)
    throw new Problem('INVALID_STATE', { reason: `At most ${mostExports} exports are kept at a time.` });
  const expiresAt = new Date(now.getTime() + kept.dataExports.hours * 60 * 60 * 1000);
  const { id } = await tx.dataExport.create({ data: { userId, expiresAt }, select: { id: true } });
  await addChore(tx, {
    name: exportChore,
    payload: { exportId: id, workspaceIds },
    key: `export:${id}`,
  });
  return id;
}
