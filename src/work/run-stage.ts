import { type LogExcerpt, withExcerpt } from '#base/log.ts';
import { isOutage, throughOutage } from '#base/outage.ts';
import { Problem } from '#base/problem.ts';
import { openFolder } from '#base/temp.ts';
import { charged } from './charge-stage.ts';
import { type Lease, takeLease } from './lease.ts';
import { openModelCalls } from './model-calls.ts';
import { reservingOnce } from './reserve-attempt.ts';
import type { StageContext, StageWork, StageWorks } from './stage.ts';
import { commitStage } from './stage-end.ts';
import { failStage, handBack } from './stage-failure.ts';
import { openProgress } from './stage-progress.ts';
import { watchLease } from './watch-lease.ts';
import type { Worker } from './worker.ts';

/** What the runner of one worker holds. */
export interface StageRunner {
  readonly worker: Worker;
  readonly works: StageWorks;
  readonly workerId: string;
  /** Aborts when the worker shuts down: stages in hand are given back to the queue at once. */
  readonly shutdown: AbortSignal;
}

/**
 * The life of a stage: take the lease, work in a folder that vanishes, then one short commit. Every way out is written
 * down here once: done, canceled or taken over (write nothing), shut down (hand back), failed (again later, or final).
 */
export async function runStage(runner: StageRunner, work: StageWork, stageRunId: string): Promise<void> {
  const { worker, workerId } = runner;
  const lease = await takeLease(worker, stageRunId, workerId);
  if (!lease) return;
  const correlation = { correlationId: lease.run.correlationId, runId: lease.run.id, stageRunId, stage: lease.stage };
  await withExcerpt(correlation, (excerpt) => runLeased(runner, { work, lease, excerpt }));
}

interface Attempt {
  readonly work: StageWork;
  readonly lease: Lease;
  readonly excerpt: LogExcerpt;
}

async function runLeased(runner: StageRunner, attempt: Attempt): Promise<void> {
  const { worker, works, shutdown } = runner;
  const { work, lease } = attempt;
  const startedAt = performance.now();
  const written = <T>(write: () => Promise<T>) => throughOutage(() => patienceMs(shutdown), write);
  await using watch = watchLease(worker, lease, shutdown);
  try {
    worker.log.info({ attempt: lease.attempt, subject: lease.subject || undefined }, 'stage starts');
    if (lease.attempt > lease.maxAttempts) throw new Problem('WORKER_LOST', { attempts: lease.attempt - 1 });
    const commit = await obeyed(watch.signal, workInFolder(worker, { work, lease, signal: watch.signal }));
    const stands = await written(() => commitStage(worker, { lease, works }, commit));
    if (!stands) return worker.log.info(nothingWritten);
    worker.log.info({ seconds: Math.round(performance.now() - startedAt) / 1000 }, 'stage done');
  } catch (thrown) {
    if (watch.outcome === 'lost') return worker.log.info(nothingWritten);
    if (watch.outcome === 'shutdown' || isOutage(thrown)) return await written(() => handBack(worker, lease));
    const timedOut =
      watch.outcome === 'timeout' && new Problem('TIMED_OUT', { what: `The ${lease.stage} stage` }, thrown);
    await written(() => failStage(worker, attempt, timedOut || thrown));
  }
}

const nothingWritten = 'stage canceled or taken over; nothing written';

/** How long an end waits for a database that is away: by then others have the lease. A worker that stops has not that long. */
const patienceMs = (shutdown: AbortSignal): number => (shutdown.aborted ? 2_000 : 60_000);

/** ffmpeg gets three seconds to end by itself; work that has not ended after this is left behind, and writes nothing. */
const obedienceMs = 5_000;

/** What the work gives; throws the reason of an abort that the work does not obey. */
async function obeyed<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const left = Promise.withResolvers<never>();
  let timer: NodeJS.Timeout | undefined;
  const leave = () => {
    timer = setTimeout(() => left.reject(signal.reason), obedienceMs);
  };
  signal.addEventListener('abort', leave, { once: true });
  if (signal.aborted) leave();
  try {
    return await Promise.race([work, left.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', leave);
  }
}

async function workInFolder(worker: Worker, attempt: { work: StageWork; lease: Lease; signal: AbortSignal }) {
  const { work, lease, signal } = attempt;
  signal.throwIfAborted();
  await using folder = await openFolder(worker.folder);
  await using progress = openProgress(worker, lease);
  const calls = openModelCalls(worker, lease);
  const context: StageContext = {
    worker,
    run: lease.run,
    stageRunId: lease.id,
    subject: lease.subject,
    folder,
    signal,
    log: worker.log,
    calls,
    reserve: reservingOnce(worker, lease),
    progress: progress.tell,
  };
  const commit = await work.work(context);
  signal.throwIfAborted();
  return charged(commit, { lease, calls });
}
