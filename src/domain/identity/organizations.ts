import { randomUUID } from 'node:crypto';
import type { Tx } from '#base/database.ts';
import type { Env } from '#base/env.ts';
import { hasEnded, noteEnded } from '#domain/admission/ended.ts';
import { ownSlug, settle } from '#domain/admission/organization.ts';
import { tellMember } from '#domain/admission/tell-member.ts';
import { eraseWorkspace } from '#domain/erasure/erase-workspace.ts';
import type { IdentityChange } from '#providers/identity.ts';

type Change<Kind extends IdentityChange['kind']> = Extract<IdentityChange, { kind: Kind }>;

/** Name and slug of an organisation are those of its workspace. */
export async function organization(
  tx: Tx,
  { id: externalId, slug, name, at }: Change<'organization'>,
  plan: Env['DEFAULT_PLAN'],
): Promise<readonly string[]> {
  if (await hasEnded(tx, [{ organizationId: externalId }], at)) return [];
  await settle(tx, { externalId, slug, name, plan });
  const taken = await tx.workspace.findFirst({
    where: { slug, externalId: { not: externalId } },
    select: { id: true },
  });
  await tx.workspace.updateMany({
    where: { externalId, OR: [{ knownAt: null }, { knownAt: { lte: at } }] },
    data: { name, slug: taken ? ownSlug({ externalId, slug }) : slug, knownAt: at },
  });
  return [];
}

/**
 * The members of an organisation that was deleted are members no more. Its workspace stays with an owner who was added
 * here; without one it is erased as by `deleteWorkspace`, for nobody is left who could.
 */
export async function organizationGone(
  tx: Tx,
  { id: externalId, at }: Change<'organizationGone'>,
): Promise<readonly string[]> {
  await noteEnded(tx, { organizationId: externalId }, at);
  const [workspace] = await tx.$queryRaw<{ id: string }[]>`
    select id::text as id from workspaces where external_id = ${externalId} for update`;
  if (!workspace) return [];
  const workspaceId = workspace.id;
  const owner = { workspaceId, role: 'OWNER' as const, knownAt: null };
  if ((await tx.workspaceMembership.count({ where: owner })) === 0)
    return eraseWorkspace(tx, { workspaceId, receiptId: randomUUID() });
  const where = { workspaceId, knownAt: { not: null } };
  const leaving = await tx.workspaceMembership.findMany({ where, select: { id: true } });
  for (const { id } of leaving) await tellMember(tx, { workspaceId, membershipId: id, actorId: null });
  await tx.workspaceMembership.deleteMany({ where });
  return [workspaceId];
}
