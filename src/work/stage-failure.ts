import type { LogExcerpt } from '#base/log.ts';
import { type Problem, problemFrom } from '#base/problem.ts';
import { changeRun } from '#pipeline/change-run.ts';
import { failureFrom } from '#pipeline/failure.ts';
import { replaceJob } from '#pipeline/queue.ts';
import { errorFactsOf } from './error-facts.ts';
import { heldBy, type Lease } from './lease.ts';
import type { StageWork } from './stage.ts';
import { endStage, stageEvent } from './stage-end.ts';
import type { Worker } from './worker.ts';

/** An attempt that failed, and what it logged. */
interface FailedAttempt {
  readonly lease: Lease;
  readonly work: StageWork;
  readonly excerpt: LogExcerpt;
}

/**
 * The end of a failed attempt: a passing fault waits for its next attempt (each wait three times the last, or as long
 * as the outside service asked), a permanent one ends the stage. Its facts and last lines stay on the row either way.
 */
export async function failStage(worker: Worker, attempt: FailedAttempt, thrown: unknown): Promise<void> {
  const { lease, work } = attempt;
  const problem = problemFrom(thrown);
  const again = mayPass(problem, lease);
  worker.log[again ? 'warn' : 'error'](
    { err: problem, attempt: lease.attempt },
    again ? 'stage failed, tried again later' : 'stage failed',
  );
  const failure = failureFrom(problem, { stage: lease.stage, correlationId: lease.run.correlationId });
  const why = { failure, errorFacts: errorFactsOf(problem), logExcerpt: attempt.excerpt.text() };
  await changeRun(worker, { runId: lease.run.id, cause: `${lease.token}:failed` }, async (change) => {
    if (again) {
      const nextAttemptAt = new Date(Date.now() + waitMs(worker.env.RETRY_BASE_MS, lease.attempt, problem));
      if (!(await endStage(change, lease, { status: 'WAITING', nextAttemptAt, ...why }))) return;
      await replaceJob(change.tx, { stage: lease.stage, stageRunId: lease.id, runAt: nextAttemptAt });
    } else if (await endStage(change, lease, { status: 'FAILED', ...why })) {
      await work.failed?.(change.tx, change.run, failure);
    }
  });
}

/**
 * A fault that we have no name for gets one more try. The same again is a bug of ours: all five attempts would only keep
 * people waiting for four minutes, and pay for each.
 */
const mayPass = (problem: Problem, lease: Lease): boolean =>
  problem.transient &&
  lease.attempt < lease.maxAttempts &&
  !(problem.code === 'INTERNAL' && lease.failure?.code === 'INTERNAL');

const waitMs = (baseMs: number, attempt: number, problem: Problem): number =>
  Math.max(problem.retryAfterMs ?? 0, baseMs * 3 ** (attempt - 1) * (0.8 + 0.4 * Math.random()));

/**
 * Gives the stage back to the queue, as if this attempt had not begun: the worker shuts down, or the database was away
 * while it worked.
 */
export async function handBack(worker: Worker, lease: Lease): Promise<void> {
  await changeRun(worker, { runId: lease.run.id, cause: `${lease.token}:handed-back` }, async (change) => {
    const { count } = await change.tx.stageRun.updateMany({
      where: heldBy(lease),
      data: { status: 'QUEUED', attempt: { decrement: 1 }, attemptToken: null, workerId: null, heartbeatAt: null },
    });
    if (count === 0) return;
    await replaceJob(change.tx, { stage: lease.stage, stageRunId: lease.id });
    change.emit(stageEvent(lease, 'QUEUED', null));
  });
  worker.log.info('stage handed back');
}
