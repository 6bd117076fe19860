import { randomUUID } from 'node:crypto';
import type { Tx } from '#base/database.ts';
import { hasEnded, holdPerson, noteEnded } from '#domain/admission/ended.ts';
import { redeem } from '#domain/admission/redeem.ts';
import { erasePerson } from '#domain/erasure/erase-person.ts';
import type { IdentityChange } from '#providers/identity.ts';
import { passOn } from './pass-on.ts';

type Change<Kind extends IdentityChange['kind']> = Extract<IdentityChange, { kind: Kind }>;

/** Name, picture and verified address of a person; somebody who was invited by that address becomes a member. */
export async function person(tx: Tx, change: Change<'person'>): Promise<readonly string[]> {
  const { userId, displayName, avatarUrl, email, at } = change;
  await holdPerson(tx, userId);
  if (await hasEnded(tx, [{ userId }], at)) return [];
  const [known] = await tx.$queryRaw<{ id: string; email: string | null }[]>`
    insert into users (external_id, display_name, avatar_url, email, known_at)
    values (${userId}, ${displayName}, ${avatarUrl}, ${email}, ${at})
    on conflict (external_id) do update set display_name = excluded.display_name, avatar_url = excluded.avatar_url,
      email = excluded.email, known_at = excluded.known_at
      where users.known_at is null or users.known_at <= excluded.known_at
    returning id::text as id, email`;
  return known ? redeem(tx, known) : [];
}

/**
 * A person whom the identity provider has deleted is erased as by `deleteMe`. Nobody can refuse it, so where they were the
 * last owner among others, the next in rank takes over.
 */
export async function personGone(tx: Tx, { userId: externalId, at }: Change<'personGone'>): Promise<readonly string[]> {
  await holdPerson(tx, externalId);
  await noteEnded(tx, { userId: externalId }, at);
  const known = await tx.user.findUnique({ where: { externalId }, select: { id: true } });
  if (!known) return [];
  const passed = await passOn(tx, known.id);
  const { woken } = await erasePerson(tx, known.id, { person: randomUUID(), workspace: randomUUID() });
  return [...passed, ...woken];
}
