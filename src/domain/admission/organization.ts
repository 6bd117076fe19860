import { createHash } from 'node:crypto';
import type { Tx } from '#base/database.ts';
import type { Env } from '#base/env.ts';
import type { WorkspaceRole } from '#generated/prisma/enums.ts';
import { hasEnded } from './ended.ts';
import { tellMember } from './tell-member.ts';

/** A workspace that may have to be made. */
export interface Place {
  /** The identity provider's organisation, or `user:<id>` for somebody's own workspace. */
  readonly externalId: string;
  readonly slug: string;
  readonly name: string;
  readonly plan: Env['DEFAULT_PLAN'];
}

/** Makes the workspace unless it is there; gives its id. */
export async function settle(tx: Tx, place: Place): Promise<string> {
  await tx.workspace.createMany({ data: [place, { ...place, slug: ownSlug(place) }], skipDuplicates: true });
  const where = { externalId: place.externalId };
  return (await tx.workspace.findUniqueOrThrow({ where, select: { id: true } })).id;
}

/** For an organisation whose slug belongs to another workspace: to one that had it first, or that was made here. */
export const ownSlug = ({ externalId, slug }: Pick<Place, 'externalId' | 'slug'>): string =>
  `${slug}-${createHash('sha256').update(externalId).digest('hex').slice(0, 8)}`;

/** The provider's words for roles in an organisation. */
const roles: Readonly<Record<string, WorkspaceRole>> = {
  owner: 'OWNER',
  admin: 'ADMIN',
  editor: 'EDITOR',
  member: 'EDITOR',
  viewer: 'VIEWER',
};

/** Our role for the provider's word; a word that we do not know only reads. */
export const roleOf = (word: string): WorkspaceRole => roles[word] ?? 'VIEWER';

/** What the identity provider says of a member at a moment. */
interface Word {
  readonly userId: string;
  readonly workspaceId: string;
  readonly role: WorkspaceRole;
  readonly at: Date;
  /** The provider's ids. */
  readonly ids: { readonly userId: string; readonly organizationId: string };
}

/**
 * Makes a person a member as the identity provider says, or gives them the role it says; true where something changed.
 * Older words than the last heard change nothing, nor do any of somebody who was added here: that is for those who look
 * after the workspace. The caller holds the person.
 */
export async function heardOf(tx: Tx, { userId, workspaceId, role, at, ids }: Word): Promise<boolean> {
  const { userId: person, organizationId } = ids;
  if (await hasEnded(tx, [{ userId: person }, { organizationId }, ids], at)) return false;
  const [written] = await tx.$queryRaw<{ id: string; was: string | null }[]>`
    insert into workspace_memberships (user_id, workspace_id, role, known_at)
    values (${userId}::uuid, ${workspaceId}::uuid, ${role}::"WorkspaceRole", ${at})
    on conflict (workspace_id, user_id) do update set role = excluded.role, known_at = excluded.known_at
      where workspace_memberships.known_at <= excluded.known_at
    returning new.id::text as id, old.role::text as was`;
  if (!written || written.was === role) return false;
  await tellMember(tx, { workspaceId, membershipId: written.id, actorId: null });
  return true;
}
