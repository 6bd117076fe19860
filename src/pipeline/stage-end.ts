import { type Problem, problemFrom } from '#base/problem.ts';
import { Prisma } from '#generated/prisma/client.ts';
import type { WorkStatus } from '#generated/prisma/enums.ts';
import { changeRun, type RunChange } from './change-run.ts';
import { stageStatusEvent } from './events.ts';
import { type Failure, failureFrom } from './failure.ts';
import type { Lease } from './lease.ts';
import { addJob, enqueuedEvent, enqueueStage } from './queue.ts';
import { plannedStages } from './recipe.ts';
import type { StageCommit, StageWork, StageWorks } from './stage.ts';
import { type StageName, stages } from './stages.ts';
import type { Worker } from './worker.ts';

/**
 * The commit of finished work: artifact rows, the stage's end, its children with their jobs and all events together,
 * only if the attempt's token is still the row's: a worker that woke after its lease was taken over changes nothing.
 */
export async function commitStage(
  worker: Worker,
  ended: { lease: Lease; works: StageWorks },
  commit: StageCommit,
): Promise<void> {
  const { lease, works } = ended;
  await changeRun(worker, { runId: lease.run.id, cause: `${lease.token}:end` }, async (change) => {
    if (!(await endStage(change, lease, { status: 'SUCCEEDED', progress: 1, failure: null }))) return;
    const ready = await commit(change.tx);
    for (const artifact of ready) {
      change.emit({
        dedupeKey: `${lease.token}:${artifact.type}:${artifact.id}`,
        data: { kind: 'ARTIFACT_READY', stageRunId: lease.id, artifact },
      });
    }
    for (const child of childrenOf(lease.stage, plannedStages(change.run.recipe))) {
      await enqueueChild(change, works[child]);
    }
  });
}

const childrenOf = (stage: StageName, planned: readonly StageName[]): StageName[] =>
  planned.filter((candidate) => stages[candidate].parent === stage);

async function enqueueChild(change: RunChange, work: StageWork): Promise<void> {
  const { tx, run, emit } = change;
  const enqueue = async (subject: string): Promise<string> => {
    const fresh = await enqueueStage(tx, run, { stage: work.stage, subject });
    if (fresh) {
      emit(enqueuedEvent(fresh));
      return fresh.id;
    }
    const where = { runId_stage_subject: { runId: run.id, stage: work.stage, subject } };
    return (await tx.stageRun.findUniqueOrThrow({ where, select: { id: true } })).id;
  };
  if (work.fanOut) await work.fanOut(tx, run, enqueue);
  else await enqueue('');
}

/**
 * The end of a failed attempt: a passing fault waits for its next attempt (each wait three times the last, or as long
 * as the outside service asked), a permanent one ends the stage.
 */
export async function failStage(
  worker: Worker,
  attempt: { lease: Lease; work: StageWork },
  thrown: unknown,
): Promise<void> {
  const { lease, work } = attempt;
  const problem = problemFrom(thrown);
  const again = problem.transient && lease.attempt < lease.maxAttempts;
  worker.log[again ? 'warn' : 'error'](
    { err: problem, attempt: lease.attempt },
    again ? 'stage failed, tried again later' : 'stage failed',
  );
  const failure = failureFrom(problem, { stage: lease.stage, correlationId: lease.run.correlationId });
  await changeRun(worker, { runId: lease.run.id, cause: `${lease.token}:failed` }, async (change) => {
    if (again) {
      const nextAttemptAt = new Date(Date.now() + waitMs(worker.env.RETRY_BASE_MS, lease.attempt, problem));
      if (!(await endStage(change, lease, { status: 'WAITING', failure, nextAttemptAt }))) return;
      await addJob(change.tx, { stage: lease.stage, stageRunId: lease.id, runAt: nextAttemptAt });
    } else if (await endStage(change, lease, { status: 'FAILED', failure })) {
      await work.failed?.(change.tx, change.run, failure);
    }
  });
}

const waitMs = (baseMs: number, attempt: number, problem: Problem): number =>
  Math.max(problem.retryAfterMs ?? 0, baseMs * 3 ** (attempt - 1) * (0.8 + 0.4 * Math.random()));

/** Gives the stage back to the queue, as if this attempt had not begun: the worker is shutting down. */
export async function handBack(worker: Worker, lease: Lease): Promise<void> {
  await changeRun(worker, { runId: lease.run.id, cause: `${lease.token}:handed-back` }, async (change) => {
    const where = { id: lease.id, attemptToken: lease.token, status: 'RUNNING' as const };
    const { count } = await change.tx.stageRun.updateMany({
      where,
      data: { status: 'QUEUED', attempt: { decrement: 1 }, attemptToken: null, workerId: null, heartbeatAt: null },
    });
    if (count === 0) return;
    await addJob(change.tx, { stage: lease.stage, stageRunId: lease.id });
    change.emit(stageEvent(lease, 'QUEUED', null));
  });
  worker.log.info('stage handed back');
}

/** Ends or pauses the attempt if its token is still the row's; false when it is not. */
async function endStage(
  { tx, emit }: RunChange,
  lease: Lease,
  end: { status: 'SUCCEEDED' | 'FAILED' | 'WAITING'; progress?: number; failure: Failure | null; nextAttemptAt?: Date },
): Promise<boolean> {
  const { failure, ...columns } = end;
  const { count } = await tx.stageRun.updateMany({
    where: { id: lease.id, attemptToken: lease.token, status: 'RUNNING' },
    data: {
      ...columns,
      failure: failure ?? Prisma.DbNull,
      attemptToken: null,
      workerId: null,
      ...(end.status !== 'WAITING' && { finishedAt: new Date() }),
    },
  });
  if (count > 0) emit(stageEvent(lease, end.status, failure));
  return count > 0;
}

const stageEvent = (lease: Lease, stageStatus: WorkStatus, failure: Failure | null) =>
  stageStatusEvent(`${lease.token}:${stageStatus}`, lease, { stageStatus, failure });
