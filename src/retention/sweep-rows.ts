import { dueBefore } from './kept.ts';
import { batchSize, inBatches, type Sweeping } from './sweeping.ts';

// Locked rows are skipped: of several workers that sweep at once each takes its own, and the rest comes next time.

/** Whole runs at a time: a log that lost its middle could not be told apart from one with a gap. */
export async function sweepRunEvents({ database: { prisma }, now, signal }: Sweeping): Promise<number> {
  const before = dueBefore('runEvents', now);
  let sum = 0;
  let done: number;
  do {
    done = await prisma.$executeRaw`
      delete from run_events where run_id in (
        select id from runs r where finished_at < ${before}
          and exists (select 1 from run_events e where e.run_id = r.id)
        limit 20 for update skip locked)`;
    sum += done;
  } while (done > 0 && !signal.aborted);
  return sum;
}

export function sweepActivities(sweeping: Sweeping): Promise<number> {
  const before = dueBefore('activities', sweeping.now);
  return inBatches(
    sweeping,
    () => sweeping.database.prisma.$executeRaw`
      delete from workspace_activities where id in (
        select id from workspace_activities where occurred_at < ${before} limit ${batchSize} for update skip locked)`,
  );
}

export function sweepIdempotencyKeys(sweeping: Sweeping): Promise<number> {
  const before = dueBefore('idempotencyKeys', sweeping.now);
  return inBatches(
    sweeping,
    () => sweeping.database.prisma.$executeRaw`
      delete from idempotency_keys where (workspace_id, key) in (
        select workspace_id, key from idempotency_keys where created_at < ${before}
        limit ${batchSize} for update skip locked)`,
  );
}

export function sweepWebhookDeliveries(sweeping: Sweeping): Promise<number> {
  const before = dueBefore('webhookDeliveries', sweeping.now);
  return inBatches(
    sweeping,
    () => sweeping.database.prisma.$executeRaw`
      delete from webhook_deliveries where id in (
        select id from webhook_deliveries where created_at < ${before} limit ${batchSize} for update skip locked)`,
  );
}

/** Their ends are milliseconds since 1970, as the limiter counts. */
export function sweepRateUses(sweeping: Sweeping): Promise<number> {
  const before = dueBefore('rateUses', sweeping.now).getTime();
  return inBatches(
    sweeping,
    () => sweeping.database.prisma.$executeRaw`
      delete from rate_uses where key in (
        select key from rate_uses where expire < ${before}::bigint limit ${batchSize} for update skip locked)`,
  );
}

/** The row goes first: nobody is ever given a link to bytes that are gone. */
export function sweepDataExports(sweeping: Sweeping): Promise<number> {
  const { database, storage, now } = sweeping;
  return inBatches(sweeping, async () => {
    const gone = await database.prisma.$queryRaw<{ key: string | null }[]>`
      delete from data_exports where id in (
        select id from data_exports where expires_at < ${now} limit ${batchSize} for update skip locked)
      returning storage_key as key`;
    await storage.remove(
      'exports',
      gone.flatMap(({ key }) => key ?? []),
    );
    return gone.length;
  });
}
