import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Tx } from '#base/database.ts';
import { correlation, withCorrelation } from '#base/log.ts';
import type { Worker } from './worker.ts';

/**
 * Work of the worker that belongs to no run: a delivery, an erasure, a sweep. It must be harmless when it is done twice,
 * since a worker may be killed between its last write and the queue's.
 */
export interface Chore {
  /** Task name in the queue. */
  readonly name: string;
  /** When it is due by itself, in crontab's five fields (UTC); absent where somebody asks for it. */
  readonly cron?: string;
  /** For work that waits for strangers' servers: it has places of its own, so that they can delay nothing but each other. */
  readonly apart?: true;
  /** Does it. A throw has it tried again later by the queue. */
  run(worker: Worker, payload: unknown, signal: AbortSignal): Promise<void>;
}

/** What the payload says of the request or stage that asked. */
const asked = z.looseObject({ correlationId: z.string() });

function correlated(): { correlationId?: string } {
  const id = correlation()?.correlationId;
  return id === undefined ? {} : { correlationId: id };
}

/** Does a chore, so that its lines carry the id of the request or stage that asked for it; else one of their own. */
export function runChore(worker: Worker, chore: Chore, job: { payload: unknown; signal: AbortSignal }): Promise<void> {
  const correlationId = asked.safeParse(job.payload).data?.correlationId ?? randomUUID();
  return withCorrelation({ correlationId }, () => chore.run(worker, job.payload, job.signal));
}

/** Asks for a chore in the caller's transaction. The same `key` while it waits is one job, with the newest payload and time. */
export async function addChore(
  tx: Tx,
  chore: { name: string; payload: object; key: string; runAt?: Date; maxAttempts?: number },
): Promise<void> {
  await tx.$queryRaw`
    select id::text from graphile_worker.add_job(
      ${chore.name}, ${JSON.stringify({ ...chore.payload, ...correlated() })}::json,
      run_at => ${chore.runAt ?? null}::timestamptz, max_attempts => ${chore.maxAttempts ?? 25}::int,
      job_key => ${chore.key}, job_key_mode => 'replace')`;
}
