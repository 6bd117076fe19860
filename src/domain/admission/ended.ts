import type { Tx } from '#base/database.ts';
import { digestOf } from '#base/digest.ts';

/** The identity provider's ids of what may end: a person, an organisation, or a membership by both. */
interface Ending {
  readonly userId?: string;
  readonly organizationId?: string;
}

/** Until the transaction ends nobody else changes what is known of this person of the identity provider. */
export async function holdPerson(tx: Tx, userId: string): Promise<void> {
  await tx.$queryRaw`select pg_advisory_xact_lock(hashtextextended(${`person:${userId}`}, 0))::text as held`;
}

/**
 * Notes that something has ended, so that words of the provider from before that moment do not bring it back: a token
 * lives on for a minute, and messages come in any order.
 */
export async function noteEnded(tx: Tx, ending: Ending, at: Date): Promise<void> {
  await tx.$executeRaw`
    insert into ended_identities (id, ended_at) values (${digestOf(ending)}, ${at})
    on conflict (id) do update set ended_at = greatest(ended_identities.ended_at, excluded.ended_at)`;
}

/** Whether one of these has ended since a moment. */
export async function hasEnded(tx: Tx, endings: readonly Ending[], since: Date): Promise<boolean> {
  const id = { in: endings.map((ending) => digestOf(ending)) };
  return (await tx.endedIdentity.count({ where: { id, endedAt: { gt: since } } })) > 0;
}
