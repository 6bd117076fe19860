import type { Tx } from '#base/database.ts';
import { Prisma } from '#generated/prisma/client.ts';
import { type NewRunEvent, stageStatusEvent } from './events.ts';
import { maxAttempts, type StageName } from './stages.ts';

/**
 * On the jobs of stages that never ran. A worker keeps places that take none of these: a stage that lost its worker must
 * not wait until one of those that are left has ended an encode.
 */
export const untried = 'untried';

/** Of the queue's own: they only cover lost workers; attempts at the work are counted on the stage run. */
const queueAttempts = 25;

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
  const rows = await tx.$queryRaw<{ id: string }[]>`
    with fresh as (
      insert into stage_runs (run_id, workspace_id, stage, subject, max_attempts)
      values (${run.id}::uuid, ${run.workspaceId}::uuid, ${wanted.stage}, ${wanted.subject}, ${maxAttempts})
      on conflict (run_id, stage, subject) do nothing
      returning id::text
    )
    select id, ${firstJob(wanted.stage)} from fresh`;
  return rows[0] ? { id: rows[0].id, ...wanted } : null;
}

/**
 * SQL that adds the job of a stage run that the same statement writes: `id` is its text. Nobody can have asked for a job
 * under that key, so none is looked for: with 3,600 waiting jobs 0.5 ms instead of 1.5 ms for `addJob`'s replacing one.
 */
export const firstJob = (stage: StageName) => Prisma.sql`(graphile_worker.add_job(
  ${stage}, json_build_object('stageRunId', id), max_attempts => ${queueAttempts}::int,
  job_key => id, job_key_mode => 'unsafe_dedupe', flags => ${[untried]}::text[])).id::text as job`;

/** The event that tells of an enqueued stage. */
export const enqueuedEvent = (stage: EnqueuedStage): NewRunEvent =>
  stageStatusEvent(`${stage.id}:QUEUED`, { ...stage, attempt: 0 }, { stageStatus: 'QUEUED' });

/**
 * Adds the one job of a stage run that has none. The payload is one id: everything else is read from rows, so that old
 * jobs stay readable after a deploy.
 */
export async function addJob(
  tx: Tx,
  job: { stage: StageName; stageRunId: string; runAt?: Date | null },
  { priority, flags } = neverBegun,
): Promise<void> {
  await tx.$queryRaw`
    select id::text from graphile_worker.add_job(
      ${job.stage}, ${JSON.stringify({ stageRunId: job.stageRunId })}::json,
      run_at => ${job.runAt ?? null}::timestamptz, max_attempts => ${queueAttempts}::int,
      priority => ${priority}::int, flags => ${[...flags]}::text[],
      job_key => ${job.stageRunId}, job_key_mode => 'replace')`;
}

/** How the queue sees a job: it takes lower priorities first. */
interface Standing {
  readonly priority: number;
  readonly flags: readonly string[];
}

const neverBegun: Standing = { priority: 0, flags: [untried] };
const begunFirst: Standing = { priority: -1, flags: [] };

/**
 * Gives a stage run a job with a new id in place of the one it has. The queue completes a job by its id and asks nobody:
 * a worker that wakes after its job was given away would take the living one out of the queue if it had the same id.
 * What was begun goes before what never was: a stage that lost its worker must not wait behind all that came meanwhile.
 */
export async function replaceJob(tx: Tx, job: Parameters<typeof addJob>[1]): Promise<void> {
  await removeJobs(tx, [job.stageRunId]);
  await addJob(tx, job, begunFirst);
}

/**
 * Takes the jobs of stage runs out of the queue, whoever holds them: completing a job that is gone changes nothing. The
 * queue's own `remove_job` leaves a held one behind as a failed job.
 */
export async function removeJobs(tx: Tx, stageRunIds: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    delete from graphile_worker._private_jobs where id in (
      select id from graphile_worker._private_jobs where key = any(${[...stageRunIds]}::text[]) order by id for update)`;
}

/**
 * Frees the jobs that dead workers hold, by the names under which the queue knows them. Each gets a new id (see
 * `replaceJob`): for work that belongs to no run, this is its only fence.
 */
export async function freeJobs(tx: Tx, poolIds: readonly string[]): Promise<number> {
  if (poolIds.length === 0) return 0;
  const freed = await tx.$executeRaw`
    update graphile_worker._private_jobs set id = default where id in (
      select id from graphile_worker._private_jobs where locked_by = any(${[...poolIds]}::text[])
      order by id for update)`;
  await tx.$queryRaw`
    select 1 as done from (select graphile_worker.force_unlock_workers(${[...poolIds]}::text[])) unlocked`;
  return freed;
}
