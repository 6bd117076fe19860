import type { Tx } from '#base/database.ts';
import { type NewRunEvent, stageStatusEvent } from './events.ts';
import { maxAttempts, type StageName } from './stages.ts';

/** A stage run that was just written together with its job. */
export interface EnqueuedStage {
  readonly id: string;
  readonly stage: StageName;
  readonly subject: string;
}

/**
 * Writes a stage run and its job in the caller's transaction: a rollback leaves neither. (run, stage, subject) is
 * unique, so asking twice changes nothing and returns null.
 */
export async function enqueueStage(
  tx: Tx,
  run: { id: string; workspaceId: string },
  wanted: { stage: StageName; subject: string },
): Promise<EnqueuedStage | null> {
  const [row] = await tx.stageRun.createManyAndReturn({
    data: [{ runId: run.id, workspaceId: run.workspaceId, ...wanted, maxAttempts }],
    skipDuplicates: true,
    select: { id: true },
  });
  if (!row) return null;
  await addJob(tx, { stage: wanted.stage, stageRunId: row.id });
  return { id: row.id, ...wanted };
}

/** The event that tells of an enqueued stage. */
export const enqueuedEvent = (stage: EnqueuedStage): NewRunEvent =>
  stageStatusEvent(`${stage.id}:QUEUED`, { ...stage, attempt: 0 }, { stageStatus: 'QUEUED' });

/**
 * Adds the one job of a stage run, replacing one that still waits. The payload is one id: everything else is read from
 * rows, so that old jobs stay readable after a deploy. The queue's own attempts only cover lost workers; attempts at
 * the work are counted on the stage run.
 */
export async function addJob(tx: Tx, job: { stage: StageName; stageRunId: string; runAt?: Date }): Promise<void> {
  await tx.$queryRaw`
    select id::text from graphile_worker.add_job(
      ${job.stage}, ${JSON.stringify({ stageRunId: job.stageRunId })}::json,
      run_at => ${job.runAt ?? null}::timestamptz, max_attempts => 25::int,
      job_key => ${job.stageRunId}, job_key_mode => 'replace')`;
}

/** Takes the jobs of stage runs that will not run out of the queue. */
export async function removeJobs(tx: Tx, stageRunIds: readonly string[]): Promise<void> {
  for (const id of stageRunIds) {
    await tx.$queryRaw`select 1 as done from (select graphile_worker.remove_job(${id})) removed`;
  }
}
