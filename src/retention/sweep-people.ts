import { dueBefore } from './kept.ts';
import { batchSize, inBatches, type Sweeping } from './sweeping.ts';

/** Invitations carry their own end. */
export function sweepInvitations(sweeping: Sweeping): Promise<number> {
  return inBatches(
    sweeping,
    () => sweeping.database.prisma.$executeRaw`
      delete from workspace_invitations where id in (
        select id from workspace_invitations where expires_at < ${sweeping.now}
        limit ${batchSize} for update skip locked)`,
  );
}

export function sweepApiKeys(sweeping: Sweeping): Promise<number> {
  const before = dueBefore('apiKeys', sweeping.now);
  return inBatches(
    sweeping,
    () => sweeping.database.prisma.$executeRaw`
      delete from api_keys where id in (
        select id from api_keys where least(expires_at, revoked_at) < ${before}
        limit ${batchSize} for update skip locked)`,
  );
}

/** Messages, and what they said has ended. */
export async function sweepIdentityMessages(sweeping: Sweeping): Promise<number> {
  const before = dueBefore('identityMessages', sweeping.now);
  const { prisma } = sweeping.database;
  const messages = await inBatches(
    sweeping,
    () => prisma.$executeRaw`
      delete from identity_messages where id in (
        select id from identity_messages where received_at < ${before} limit ${batchSize} for update skip locked)`,
  );
  const endings = await inBatches(
    sweeping,
    () => prisma.$executeRaw`
      delete from ended_identities where id in (
        select id from ended_identities where ended_at < ${before} limit ${batchSize} for update skip locked)`,
  );
  return messages + endings;
}
