import { randomUUID } from 'node:crypto';
import type { Tx } from '#base/database.ts';
import { correlation } from '#base/log.ts';
import type { PaidModels } from '#usage/paid-models.ts';
import { planNamed } from '#usage/plans.ts';
import { heldPlan } from '#usage/quota.ts';
import { telling } from './activity.ts';
import { listOf, type NewRunEvent } from './events.ts';
import { enqueuedEvent, firstJob } from './queue.ts';
import { type Recipe, rootOf } from './recipe.ts';
import { reserveRun } from './reserve.ts';
import { maxAttempts } from './stages.ts';

/** A run to be written. */
export interface NewRun {
  readonly id: string;
  readonly workspaceId: string;
  readonly uploadId: string;
  readonly recipe: Recipe;
  readonly createdById: string;
}

const localOnly: PaidModels = { transcription: null, language: null };

/**
 * Writes a run, its first stage run, that one's job, the first events and the workspace's activity in the caller's
 * transaction: a rollback leaves none of them. One statement, because each costs a way to the database while the
 * connection is held: with seven a start took 4.3 times as long as a bare insert of the run, with one 1.3 times (npm run
 * bench:start-run). Under a plan with limits what the run may use of it, and may ask of `models`, is reserved; refused it
 * is QUOTA_EXCEEDED. Gives the id of the stage run.
 */
export async function insertRun(tx: Tx, run: NewRun, models = localOnly): Promise<string> {
  const stage = { id: randomUUID(), ...rootOf(run.recipe) };
  const events = [queuedEvent, enqueuedEvent(stage)];
  const correlationId = correlation()?.correlationId ?? randomUUID();
  const told = telling({
    workspaceId: run.workspaceId,
    kind: 'RUN_STARTED',
    actorId: run.createdById,
    subject: { type: 'Run', id: run.id },
    status: 'QUEUED',
  });
  const rows = await tx.$queryRaw<{ plan: string | null }[]>`
    with held as (${heldPlan(run.workspaceId)}), run as (
      insert into runs (id, workspace_id, upload_id, recipe, correlation_id, created_by_id, sequence)
      values (${run.id}::uuid, ${run.workspaceId}::uuid, ${run.uploadId}::uuid, ${JSON.stringify(run.recipe)}::jsonb,
        ${correlationId}, ${run.createdById}::uuid, ${events.length})
      returning id, workspace_id
    ), numbered as (
      insert into run_events (run_id, workspace_id, sequence, dedupe_key, data)
      select run.id, workspace_id, place, event->>'dedupeKey', event->'data'
      from run, jsonb_array_elements(${listOf(events)}::jsonb) with ordinality as given (event, place)
    ), stage as (
      insert into stage_runs (id, run_id, workspace_id, stage, subject, max_attempts)
      select ${stage.id}::uuid, run.id, workspace_id, ${stage.stage}, ${stage.subject}, ${maxAttempts}::int from run
      returning stage_runs.id::text
    ), ${told.rows}
    select job, null as plan from (select ${firstJob(stage.stage)} from stage union all ${told.jobs}) as jobs
    union all select null, plan from held`;
  const held = rows.find(({ plan }) => plan !== null)?.plan;
  if (held) await reserveRun(tx, run, { plan: planNamed(held), models });
  return stage.id;
}

const queuedEvent: NewRunEvent = {
  dedupeKey: 'run:QUEUED',
  data: { kind: 'RUN_STATUS', runStatus: 'QUEUED', isFinal: false, failure: null },
};
