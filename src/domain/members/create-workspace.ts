import { z } from 'zod';
import type { Tx } from '#base/database.ts';
import { line } from '#base/line.ts';
import { Problem } from '#base/problem.ts';
import type { Api, Viewer } from '#graph/context.ts';
import { idempotencyKey, once } from '#graph/once.ts';

/** Of one person, made here. */
const mostWorkspaces = 50;

export const createWorkspaceInput = z.object({
  name: line(80),
  slug: z
    .string()
    .min(3, 'At least 3 characters.')
    .max(48, 'At most 48 characters.')
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'Small letters, digits and single hyphens between them.')
    .refine((slug) => !slug.startsWith('personal-'), 'Slugs that begin with personal- are for own workspaces.'),
  idempotencyKey,
});

type Input = z.output<typeof createWorkspaceInput>;

/** Makes a workspace that the caller owns. CONFLICT for a slug that is taken, INVALID_STATE for one too many. */
export async function createWorkspace(
  { idempotencyKey: key, ...place }: Input,
  viewer: Viewer,
  { database, env }: Api,
): Promise<{ workspaceId: string }> {
  const { userId } = viewer;
  const workspaceId = await database.prisma.$transaction(async (tx) => {
    // What belongs to no workspace yet is counted with the person.
    const request = { workspaceId: userId, key, operation: 'createWorkspace', input: place };
    const { answerId: id, replayed } = await once(tx, request);
    if (replayed) return standing(tx, { id, userId });
    await tx.$queryRaw`select 1 as locked from users where id = ${userId}::uuid for no key update`;
    const made = { workspace: { externalId: { startsWith: 'made:' } }, userId, role: 'OWNER' as const };
    if ((await tx.workspaceMembership.count({ where: made })) >= mostWorkspaces)
      throw new Problem('INVALID_STATE', { reason: `Nobody owns more than ${mostWorkspaces} workspaces.` });
    const data = { ...place, id, externalId: `made:${id}`, plan: env.DEFAULT_PLAN };
    const { count } = await tx.workspace.createMany({ data, skipDuplicates: true });
    if (count === 0) throw new Problem('CONFLICT', { reason: 'This slug is taken.', path: ['input', 'slug'] });
    await tx.workspaceMembership.create({ data: { workspaceId: id, userId, role: 'OWNER' }, select: { id: true } });
    return id;
  });
  viewer.roles.set(workspaceId, 'OWNER');
  return { workspaceId };
}

/** What a key has made, unless it is gone since or the caller has left it. */
async function standing(tx: Tx, { id: workspaceId, userId }: { id: string; userId: string }): Promise<string> {
  const where = { workspaceId_userId: { workspaceId, userId } };
  if (await tx.workspaceMembership.findUnique({ where, select: { id: true } })) return workspaceId;
  throw new Problem('NOT_FOUND', { what: 'The workspace that this key made' });
}
