import type { Tx } from '#base/database.ts';
import type { Env } from '#base/env.ts';
import { hasEnded, holdPerson, noteEnded } from '#domain/admission/ended.ts';
import { heardOf, roleOf, settle } from '#domain/admission/organization.ts';
import { tellMember } from '#domain/admission/tell-member.ts';
import type { IdentityChange } from '#providers/identity.ts';

type Change<Kind extends IdentityChange['kind']> = Extract<IdentityChange, { kind: Kind }>;

/** Makes a person of the organisation a member of its workspace, or gives them their new role. */
export async function member(
  tx: Tx,
  { organization, person, role, at }: Change<'member'>,
  plan: Env['DEFAULT_PLAN'],
): Promise<readonly string[]> {
  const ids = { userId: person.userId, organizationId: organization.id };
  await holdPerson(tx, person.userId);
  const over = [{ userId: ids.userId }, { organizationId: ids.organizationId }, ids];
  if (await hasEnded(tx, over, at)) return [];
  const { userId: externalId, displayName, avatarUrl } = person;
  await tx.user.createMany({ data: { externalId, displayName, avatarUrl }, skipDuplicates: true });
  const { id: userId } = await tx.user.findUniqueOrThrow({ where: { externalId }, select: { id: true } });
  const { slug, name } = organization;
  const workspaceId = await settle(tx, { externalId: organization.id, slug, name, plan });
  const changed = await heardOf(tx, { userId, workspaceId, role: roleOf(role), at, ids });
  return changed ? [workspaceId] : [];
}

/** Ends a membership with the API keys of the person; one that was added here stays. */
export async function memberGone(tx: Tx, change: Change<'memberGone'>): Promise<readonly string[]> {
  const { organizationId, userId, at } = change;
  await holdPerson(tx, userId);
  await noteEnded(tx, { userId, organizationId }, at);
  const row = await tx.workspaceMembership.findFirst({
    where: { user: { externalId: userId }, workspace: { externalId: organizationId }, knownAt: { lte: at } },
    select: { id: true, workspaceId: true },
  });
  if (!row) return [];
  await tellMember(tx, { workspaceId: row.workspaceId, membershipId: row.id, actorId: null });
  await tx.workspaceMembership.delete({ where: { id: row.id }, select: { id: true } });
  return [row.workspaceId];
}
