import { withCorrelation } from '#base/log.ts';
import { Problem } from '#base/problem.ts';
import { openFolder } from '#base/temp.ts';
import { type Lease, takeLease } from './lease.ts';
import type { StageContext, StageWork, StageWorks } from './stage.ts';
import { commitStage, failStage, handBack } from './stage-end.ts';
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
  await withCorrelation(correlation, () => runLeased(runner, work, lease));
}

async function runLeased(runner: StageRunner, work: StageWork, lease: Lease): Promise<void> {
  const { worker, works, shutdown } = runner;
  const startedAt = performance.now();
  await using watch = watchLease(worker, lease, shutdown);
  try {
    worker.log.info({ attempt: lease.attempt, subject: lease.subject || undefined }, 'stage starts');
    if (lease.attempt > lease.maxAttempts) throw new Problem('WORKER_LOST', { attempts: lease.attempt - 1 });
    const commit = await workInFolder(worker, { work, lease, signal: watch.signal });
    await commitStage(worker, { lease, works }, commit);
    worker.log.info({ seconds: Math.round(performance.now() - startedAt) / 1000 }, 'stage done');
  } catch (thrown) {
    if (watch.outcome === 'lost') return worker.log.info('stage canceled or taken over; nothing written');
    if (watch.outcome === 'shutdown') return await handBack(worker, lease);
    const timedOut =
      watch.outcome === 'timeout' && new Problem('TIMED_OUT', { what: `The ${lease.stage} stage` }, thrown);
    await failStage(worker, { lease, work }, timedOut || thrown);
  }
}

async function workInFolder(worker: Worker, attempt: { work: StageWork; lease: Lease; signal: AbortSignal }) {
  const { work, lease, signal } = attempt;
  await using folder = await openFolder(worker.folder);
  await using progress = openProgress(worker, lease);
  const context: StageContext = {
    worker,
    run: lease.run,
    stageRunId: lease.id,
    subject: lease.subject,
    folder,
    signal,
    log: worker.log,
    progress: progress.tell,
  };
  const commit = await work.work(context);
  signal.throwIfAborted();
  return commit;
}
