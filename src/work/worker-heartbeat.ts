import { z } from 'zod';
import type { Database } from '#base/database.ts';
import type { Log } from '#base/log.ts';
import { openRepeat } from '#base/repeat.ts';

/** What a worker answers with: it tells a plan which artifacts this worker would make. */
export const workerFacts = z.object({
  speechToText: z.string(),
  languageModel: z.string(),
  ffmpeg: z.string(),
  recipeVersion: z.int(),
});

/** A worker process as its row in `workers` says it. */
interface WorkerSelf {
  readonly workerId: string;
  /** Under which names the queue knows its jobs; they change when a runner of the queue is opened anew. */
  readonly queueIds: () => readonly string[];
  readonly facts: z.output<typeof workerFacts>;
}

/** The worker's own heart. */
export interface Heartbeat extends AsyncDisposable {
  /** For how long every beat was written, in milliseconds; 0 right after one that was not. */
  steadyMs(): number;
}

const beatMs = 1_000;

/**
 * Says every second, by the database's clock, that this worker lives, and takes its row away when it closes. A worker
 * that was paused and buried meanwhile writes its row again when it wakes; what it held is no longer its own.
 */
export async function openHeartbeat(
  { database, log }: { readonly database: Database; readonly log: Log },
  self: WorkerSelf,
): Promise<Heartbeat> {
  let steadySince = performance.now();
  let beatenAt = performance.now();
  await write(database, self);
  const beating = openRepeat(beatMs, beat);
  return {
    steadyMs: () => (paused() ? 0 : performance.now() - steadySince),
    [Symbol.asyncDispose]: async () => {
      await beating[Symbol.asyncDispose]();
      await database.prisma.worker
        .deleteMany({ where: { id: self.workerId } })
        .catch((error: unknown) => log.warn({ err: error }, 'the worker leaves its row behind'));
    },
  };

  async function beat(): Promise<void> {
    try {
      if (paused()) steadySince = performance.now();
      await write(database, self);
      beatenAt = performance.now();
    } catch (error) {
      steadySince = performance.now();
      log.warn({ err: error }, 'heartbeat not written');
    }
  }

  /** Two beats were missed: the process stood still, or the database did. */
  function paused(): boolean {
    return performance.now() - beatenAt > 3 * beatMs;
  }
}

async function write({ prisma }: Database, { workerId, queueIds, facts }: WorkerSelf): Promise<void> {
  await prisma.$executeRaw`
    insert into workers (id, queue_ids, facts, heartbeat_at)
    values (${workerId}, ${[...queueIds()]}::text[], ${JSON.stringify(facts)}::jsonb, clock_timestamp())
    on conflict (id) do update set queue_ids = excluded.queue_ids, heartbeat_at = clock_timestamp()`;
}
