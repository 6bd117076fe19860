import type { Tx } from '#base/database.ts';
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

/** Asks for a chore in the caller's transaction. The same `key` while it waits is one job, with the newest payload and time. */
export async function addChore(
  tx: Tx,
  chore: { name: string; payload: object; key: string; runAt?: Date; maxAttempts?: number },
): Promise<void> {
  await tx.$queryRaw`
    select id::text from graphile_worker.add_job(
      ${chore.name}, ${JSON.stringify(chore.payload)}::json,
      run_at => ${chore.runAt ?? null}::timestamptz, max_attempts => ${chore.maxAttempts ?? 25}::int,
      job_key => ${chore.key}, job_key_mode => 'replace')`;
}
