import { randomUUID } from 'node:crypto';
import type { Tx } from '#base/database.ts';
import { correlation } from '#base/log.ts';
import { Problem } from '#base/problem.ts';
import type { WorkStatus } from '#generated/prisma/enums.ts';
import type { PaidModels } from '#usage/paid-models.ts';
import { holdPlan } from '#usage/quota.ts';
import { tellWorkspace } from './activity.ts';
import { type LockedRun, lockRun } from './change-run.ts';
import { appendEvents, stageStatusEvent } from './events.ts';
import { isFinal, progressOf } from './progress.ts';
import { addJob } from './queue.ts';
import { plannedStages } from './recipe.ts';
import { reserveRun } from './reserve.ts';
import { type StageName, stageNamed, stages } from './stages.ts';
import { holdStartable } from './startable.ts';

/** What of a run to run again, and as which run. */
export interface Retry {
  readonly id: string;
  readonly runId: string;
  /** Stage runs that failed or were canceled; null for all of them. */
  readonly stageRunIds: readonly string[] | null;
  readonly createdById: string;
}

interface StageCopy {
  readonly id: string;
  readonly stage: StageName;
  readonly subject: string;
  readonly status: WorkStatus;
  readonly attempt: number;
  readonly progress: number;
}

/**
 * Runs the failed and canceled stages of a final run again, as a new run: final means final. What succeeded is copied as
 * it is. Where only some are named the others keep the new run honest: what failed stays failed in it, what was canceled
 * is skipped. The old run's failures count as settled from now on. Throws INVALID_STATE for a run that has not ended,
 * has nothing to retry, or is being retried, NOT_FOUND for a stage run that is not the run's, and QUOTA_EXCEEDED.
 */
export async function retryRun(tx: Tx, retry: Retry, models: PaidModels): Promise<void> {
  const run = await lockRun(tx, retry.runId);
  if (!run) throw new Problem('NOT_FOUND', { what: 'The run' });
  await requireEnded(tx, run);
  const again = await chosen(tx, retry);
  const next = await insertSuccessor(tx, run, retry);
  const copies = await copyStages(tx, { from: run.id, to: next.id, again });
  await tx.highlight.updateMany({ where: { runId: run.id }, data: { runId: next.id } });
  await reserve(tx, { ...run, id: next.id }, { copies, models });
  const progress = progressOf(plannedStages(run.recipe), copies);
  await tx.run.update({ where: { id: next.id }, data: { progress }, select: { id: true } });
  for (const copy of copies) if (copy.status === 'QUEUED') await requeue(tx, { copy, from: run.id });
  await appendEvents(tx, next, [
    { dedupeKey: 'run:QUEUED', data: { kind: 'RUN_STATUS', runStatus: 'QUEUED', isFinal: false, failure: null } },
    ...copies.map((copy) => stageStatusEvent(`${copy.id}:${copy.status}`, copy, { stageStatus: copy.status })),
  ]);
  await tellWorkspace(tx, {
    workspaceId: next.workspaceId,
    kind: 'RUN_STARTED',
    actorId: retry.createdById,
    subject: { type: 'Run', id: next.id },
    status: 'QUEUED',
  });
}

async function requireEnded(tx: Tx, run: LockedRun): Promise<void> {
  if (!isFinal(run.status)) throw new Problem('INVALID_STATE', { reason: `The run has not ended (${run.status}).` });
  await holdStartable(tx, run.uploadId);
  const running = await tx.run.findFirst({
    where: { retryOfId: run.id, finishedAt: null },
    select: { id: true },
  });
  if (running) throw new Problem('INVALID_STATE', { reason: 'The run is being retried already.' });
}

const retryable: readonly WorkStatus[] = ['FAILED', 'CANCELED'];

/** The stage runs to run again. */
async function chosen(tx: Tx, { runId, stageRunIds }: Retry): Promise<string[]> {
  const rows = await tx.stageRun.findMany({
    where: { runId, ...(stageRunIds && { id: { in: [...stageRunIds] } }) },
    select: { id: true, status: true },
  });
  if (stageRunIds && rows.length < stageRunIds.length) throw new Problem('NOT_FOUND', { what: 'A stage of this run' });
  const ids = rows.filter(({ status }) => retryable.includes(status)).map(({ id }) => id);
  if (ids.length === 0 || (stageRunIds && ids.length < stageRunIds.length))
    throw new Problem('INVALID_STATE', { reason: 'Only what failed or was canceled can be retried.' });
  return ids;
}

const insertSuccessor = (tx: Tx, run: LockedRun, { id, createdById }: Retry) =>
  tx.run.create({
    data: {
      id,
      workspaceId: run.workspaceId,
      uploadId: run.uploadId,
      recipe: run.recipe,
      retryOfId: run.id,
      createdById,
      correlationId: correlation()?.correlationId ?? randomUUID(),
    },
    select: { id: true, workspaceId: true },
  });

/** A failure that is not retried moves along with its facts, so that it is told of once, where it can be retried. */
async function copyStages(
  tx: Tx,
  { from, to, again }: { from: string; to: string; again: readonly string[] },
): Promise<StageCopy[]> {
  const copies = await tx.$queryRaw<(Omit<StageCopy, 'stage'> & { stage: string })[]>`
    insert into stage_runs (run_id, workspace_id, stage, subject, max_attempts, status, progress, attempt,
      started_at, finished_at, failure, error_facts, log_excerpt, settled_at)
    select ${to}::uuid, workspace_id, stage, subject, max_attempts, 'QUEUED'::"WorkStatus", 0, 0,
      null::timestamptz, null::timestamptz, null::jsonb, null::jsonb, null, null::timestamptz
    from stage_runs where run_id = ${from}::uuid and id = any(${again}::uuid[])
    union all
    select ${to}::uuid, workspace_id, stage, subject, max_attempts,
      case status when 'CANCELED' then 'SKIPPED'::"WorkStatus" else status end, progress, attempt,
      started_at, finished_at, failure, error_facts, log_excerpt, settled_at
    from stage_runs where run_id = ${from}::uuid and id <> all(${again}::uuid[])
    returning id::text, stage, subject, status::text, attempt, progress`;
  await tx.stageRun.updateMany({
    where: { runId: from, status: 'FAILED', settledAt: null },
    data: { settledAt: new Date() },
  });
  return copies.map((copy) => ({ ...copy, stage: stageNamed(copy.stage) }));
}

/** Only what is run again, and what follows from it, may use the plan. */
async function reserve(
  tx: Tx,
  run: LockedRun,
  { copies, models }: { copies: readonly StageCopy[]; models: PaidModels },
): Promise<void> {
  const plan = await holdPlan(tx, run.workspaceId);
  if (!plan) return;
  const queued = new Set(copies.filter(({ status }) => status === 'QUEUED').map(({ stage }) => stage));
  const done = copies.map(({ stage }) => stage).filter((stage) => !queued.has(stage));
  await reserveRun(tx, run, { plan, models, done });
}

/** Outputs show the state of the stage run that makes them next; what is made already stays with the one that made it. */
async function requeue(tx: Tx, { copy, from }: { copy: StageCopy; from: string }): Promise<void> {
  const { id, stage, subject } = copy;
  await addJob(tx, { stage, stageRunId: id });
  const data = { stageRunId: id };
  if (stages[stage].subject === 'clip')
    await tx.rendition.updateMany({ where: { clipId: subject, stageRun: { runId: from } }, data });
  if (stages[stage].subject === 'content') await tx.content.updateMany({ where: { id: subject }, data });
}
