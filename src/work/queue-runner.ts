import { EventEmitter } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { Logger, type Runner, run, type TaskList, type WorkerEvents } from 'graphile-worker';
import type { Pool } from 'pg';
import type { Log } from '#base/log.ts';

/** One class of jobs, as many at a time as there are slots. */
interface Part {
  readonly name: string;
  readonly slots: number;
  readonly taskList: TaskList;
  /** Jobs with one of these are left to others. */
  readonly forbiddenFlags?: string[];
  /** Lines of a crontab, empty for none. */
  readonly crontab: string;
}

/** Takes jobs out of the queue until it is stopped. */
export interface QueueRunner {
  /** The names under which the queue knows who holds its jobs. */
  readonly poolIds: ReadonlySet<string>;
  /** Takes no more jobs and waits for those in hand. */
  stop(): Promise<void>;
}

/** Between two tries to open a runner while the database is away. */
const reopenMs = 1_000;

/**
 * Opens a runner of the queue and keeps one open. graphile-worker gives itself up when it cannot write a job's end, as
 * when PostgreSQL restarts at that moment: it takes no further job and leaves when those in hand have ended, which may
 * be in an hour. So the next one is opened at once, beside it.
 */
export async function openQueueRunner(pool: Pool, part: Part, log: Log): Promise<QueueRunner> {
  const poolIds = new Set<string>();
  const runners = new Set<Runner>();
  const stopping = new AbortController();
  let opening: Promise<void> | undefined;
  await open();
  return {
    poolIds,
    stop: async () => {
      stopping.abort();
      await opening;
      await Promise.all([...runners].map(stopped));
    },
  };

  async function open(): Promise<void> {
    const events: WorkerEvents = new EventEmitter();
    events.on('pool:create', ({ workerPool }) => poolIds.add(workerPool.id));
    events.on('pool:release', ({ workerPool }) => poolIds.delete(workerPool.id));
    events.on('pool:gracefulShutdown', ({ message }) => {
      if (stopping.signal.aborted) return;
      log.warn({ queue: part.name, message }, 'a runner of the queue gave up, another takes its place');
      opening = reopen();
    });
    const runner = await run({ ...settingsOf(part, log), pgPool: pool, events });
    runners.add(runner);
    runner.promise.catch(() => {}).finally(() => runners.delete(runner));
  }

  async function reopen(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        return await open();
      } catch (error) {
        log.warn({ err: error, queue: part.name }, 'no runner of the queue could be opened');
        await wait(reopenMs, undefined, { signal: stopping.signal }).catch(() => {});
      }
    }
  }
}

/** One that gave itself up refuses to be stopped, but ends. */
const stopped = (runner: Runner): Promise<void> => runner.stop().catch(() => runner.promise.catch(() => {}));

/**
 * The two batch delays are mandatory: without them a job's completion is sent without being awaited, and a shutdown
 * loses it (6 of 6 runs left the job and its row locked for four hours; with them 0 of 6).
 */
const settingsOf = ({ name, slots, taskList, crontab, forbiddenFlags }: Part, log: Log) => ({
  concurrency: slots,
  ...(forbiddenFlags && { forbiddenFlags }),
  noHandleSignals: true,
  crontab,
  taskList,
  logger: new Logger(() => (level, message) => {
    log[level === 'error' ? 'error' : level === 'warning' ? 'warn' : 'debug']({ queue: name }, message);
  }),
  preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
});
