import { Prisma } from '#generated/prisma/client.ts';
import type { WorkStatus } from '#generated/prisma/enums.ts';
import { changeRun, type RunChange } from '#pipeline/change-run.ts';
import { stageStatusEvent } from '#pipeline/events.ts';
import type { Failure } from '#pipeline/failure.ts';
import { enqueuedEvent, enqueueStage } from '#pipeline/queue.ts';
import { plannedStages } from '#pipeline/recipe.ts';
import { type StageName, stages } from '#pipeline/stages.ts';
import { heldBy, type Lease } from './lease.ts';
import type { StageCommit, StageWork, StageWorks } from './stage.ts';
import type { Worker } from './worker.ts';

/**
 * The commit of finished work: artifact rows, the stage's end, its children with their jobs and all events together,
 * only if the attempt's token is still the row's: a worker that woke after its lease was taken over changes nothing.
 * Returns whether this attempt's work stands, also when an earlier call wrote it and the answer was lost.
 */
export async function commitStage(
  worker: Worker,
  ended: { lease: Lease; works: StageWorks },
  commit: StageCommit,
): Promise<boolean> {
  const { lease, works } = ended;
  const stands = await changeRun(worker, { runId: lease.run.id, cause: `${lease.token}:end` }, async (change) => {
    if (!(await endStage(change, lease, { status: 'SUCCEEDED', progress: 1, failure: null })))
      return wasWritten(change, lease);
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
    return true;
  });
  return stands ?? false;
}

/** The event of the commit says whose it was. */
async function wasWritten({ tx, run }: RunChange, lease: Lease): Promise<boolean> {
  const dedupeKey = stageEvent(lease, 'SUCCEEDED', null).dedupeKey;
  return (await tx.runEvent.count({ where: { runId: run.id, dedupeKey } })) > 0;
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

/** What becomes of the stage run's row. */
interface AttemptEnd {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'WAITING';
  readonly failure: Failure | null;
  readonly progress?: number;
  readonly nextAttemptAt?: Date;
  readonly errorFacts?: Prisma.InputJsonObject;
  readonly logExcerpt?: string;
}

/** Ends or pauses the attempt if its token is still the row's; false when it is not. */
export async function endStage({ tx, emit }: RunChange, lease: Lease, end: AttemptEnd): Promise<boolean> {
  const { failure, ...columns } = end;
  const { count } = await tx.stageRun.updateMany({
    where: heldBy(lease),
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

/** The event of an attempt: each state is told once for each token. */
export const stageEvent = (lease: Lease, stageStatus: WorkStatus, failure: Failure | null) =>
  stageStatusEvent(`${lease.token}:${stageStatus}`, lease, { stageStatus, failure });
