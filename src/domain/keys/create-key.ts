import { z } from 'zod';
import { line } from '#base/line.ts';
import { Problem } from '#base/problem.ts';
import type { Api, Scope, Viewer } from '#graph/context.ts';
import { idOf } from '#graph/ids.ts';
import { idempotencyKey, onceIfKeyed } from '#graph/once.ts';
import { requireRole } from '#graph/permissions.ts';
import { newKeyToken } from './key-token.ts';

/** Of one workspace, not counting those that ended. */
const mostKeys = 20;
const longestDays = 365;

const days = z.int().min(1, 'At least one day.').max(longestDays, `At most ${longestDays} days.`);

export const createApiKeyInput = z.object({
  workspaceId: idOf('Workspace'),
  name: line(80),
  scopes: z.array(z.enum(['read', 'write', 'manage'] satisfies Scope[])).min(1, 'Name at least one.'),
  expiresInDays: days,
  idempotencyKey: idempotencyKey.nullish(),
});

/** The key that a request made; without its token where an earlier one had shown it. */
interface MadeKey {
  readonly keyId: string;
  readonly token?: string;
  readonly replayed: boolean;
}

/**
 * Makes a key for a program, with the role that its maker has now; the token is in this answer and nowhere else. The same
 * idempotency key gives the same key, but no token: to show that twice it would have to be kept. An answer that was lost
 * is therefore a key that nobody has: revoke it. INVALID_STATE for one too many.
 */
export async function createApiKey(
  { workspaceId, idempotencyKey: key, ...wanted }: z.output<typeof createApiKeyInput>,
  viewer: Viewer,
  { database: { prisma } }: Api,
): Promise<MadeKey> {
  const { name, scopes, expiresInDays } = wanted;
  requireRole(viewer, workspaceId, 'createApiKey');
  const { token, prefix, hash } = newKeyToken();
  const now = new Date();
  const expiresAt = new Date(now.getTime() + expiresInDays * 24 * 60 * 60 * 1000);
  return prisma.$transaction(async (tx) => {
    const createdById = viewer.userId;
    const input = { ...wanted, by: createdById };
    const { answerId, replayed } = await onceIfKeyed(tx, { workspaceId, key, operation: 'createApiKey', input });
    if (answerId && replayed) return { keyId: answerId, replayed };
    // Two that are made at once must not both be the last one; and the maker's role is the one of this moment.
    await tx.$queryRaw`select 1 as locked from workspaces where id = ${workspaceId}::uuid for no key update`;
    const live = { workspaceId, revokedAt: null, expiresAt: { gt: now } };
    if ((await tx.apiKey.count({ where: live })) >= mostKeys)
      throw new Problem('INVALID_STATE', { reason: `A workspace has at most ${mostKeys} API keys.` });
    const maker = await tx.workspaceMembership.findUnique({
      where: { workspaceId_userId: { workspaceId, userId: createdById } },
      select: { role: true },
    });
    if (!maker) throw new Problem('NOT_FOUND', { what: 'The workspace' });
    const { id } = await tx.apiKey.create({
      data: {
        ...(answerId && { id: answerId }),
        workspaceId,
        createdById,
        name,
        prefix,
        tokenHash: hash,
        // A program that could not read what it has written would be of no use.
        scopes: [...new Set<Scope>(['read', ...scopes])],
        role: maker.role,
        expiresAt,
      },
      select: { id: true },
    });
    return { keyId: id, token, replayed };
  });
}
