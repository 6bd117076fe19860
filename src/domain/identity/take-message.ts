import { longTransaction, type Tx } from '#base/database.ts';
import type { Env } from '#base/env.ts';
import { throughOutage } from '#base/outage.ts';
import type { Api } from '#graph/context.ts';
import type { IdentityChange, IdentityMessage } from '#providers/identity.ts';
import { member, memberGone } from './members.ts';
import { organization, organizationGone } from './organizations.ts';
import { person, personGone } from './people.ts';

const patienceMs = 5_000;

/**
 * Follows a message of the identity provider: what it says is written in the commit that notes the message, so that a
 * repeated one changes nothing and one that failed may come again. Older news than what is known changes nothing either.
 */
export async function takeMessage({ database: { prisma }, env, wake }: Api, message: IdentityMessage): Promise<void> {
  const { id, change } = message;
  if (!change) return;
  const take = async (tx: Tx): Promise<readonly string[]> => {
    const { count } = await tx.identityMessage.createMany({ data: { id }, skipDuplicates: true });
    return count === 0 ? [] : followed(tx, change, env);
  };
  // Erasing somebody with all their recordings takes its time.
  const changed = await throughOutage(
    () => patienceMs,
    () => longTransaction(prisma, 120_000, take),
  );
  for (const workspace of changed) wake(workspace);
}

/** Gives what must be woken: workspaces and runs. */
function followed(tx: Tx, change: IdentityChange, { DEFAULT_PLAN: plan }: Env): Promise<readonly string[]> {
  switch (change.kind) {
    case 'person':
      return person(tx, change);
    case 'personGone':
      return personGone(tx, change);
    case 'organization':
      return organization(tx, change, plan);
    case 'organizationGone':
      return organizationGone(tx, change);
    case 'member':
      return member(tx, change, plan);
    default:
      return memberGone(tx, change);
  }
}
