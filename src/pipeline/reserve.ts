import type { Tx } from '#base/database.ts';
import type { Problem } from '#base/problem.ts';
import { keysOf } from '#base/record.ts';
import type { UsageKind } from '#generated/prisma/enums.ts';
import { measured } from '#usage/meters.ts';
import type { PaidModels } from '#usage/paid-models.ts';
import { type Plan, usageKinds } from '#usage/plans.ts';
import { holdPlan, refusalOf, requireRoom, type Wanted } from '#usage/quota.ts';
import { reserve, reserveSubject, totalOf } from '#usage/reservations.ts';
import { tellWorkspace } from './activity.ts';
import { estimateOf, type StageEstimate, type Units } from './estimates.ts';
import type { Recipe } from './recipe.ts';
import type { StageName } from './stages.ts';

/** A run that is being written. */
interface Starting {
  readonly id: string;
  readonly workspaceId: string;
  readonly uploadId: string;
  readonly recipe: Recipe;
}

/**
 * Reserves what a new run may use, in the transaction that writes it and under the plan held by it; QUOTA_EXCEEDED takes
 * the whole transaction back. Of a recording whose length is not known yet nothing is reserved: the worker does it when
 * it knows. What the upload has already (`done`, its transcript) is not reserved again.
 */
export async function reserveRun(
  tx: Tx,
  run: Starting,
  { plan, models, done = [] }: { plan: Plan; models: PaidModels; done?: readonly StageName[] },
): Promise<void> {
  const wanted = await wantedOf(tx, run, { models, done });
  await warn(tx, run.workspaceId, await reserve(tx, { run, plan, wanted }));
}

/** The refusal that a run would meet if it started now, or null; reserves nothing. */
export async function refusalOfRun(tx: Tx, run: Starting, models: PaidModels): Promise<Problem | null> {
  const wanted = await wantedOf(tx, run, { models, done: [] });
  return refusalOf(tx, run.workspaceId, totalOf(Object.values(wanted)));
}

async function wantedOf(
  tx: Tx,
  run: Starting,
  { models, done }: { models: PaidModels; done: readonly StageName[] },
): Promise<Record<string, Wanted>> {
  const estimated = await estimatesOf(tx, run, models);
  const heard = run.recipe.fresh === null && (await tx.transcript.count({ where: { uploadId: run.uploadId } })) > 0;
  const there: readonly StageName[] = heard ? [...done, 'transcribe'] : done;
  return wantedBy(estimated.filter(({ stage }) => !there.includes(stage)));
}

/** Reserves what one stage of a run may use, under the plan that is held, unless that was done before. */
export async function reserveStage(
  tx: Tx,
  run: Starting & { readonly stage: StageName },
  { plan, models }: { plan: Plan; models: PaidModels },
): Promise<void> {
  const { stage, workspaceId } = run;
  if ((await tx.usageReservation.count({ where: { runId: run.id, stage } })) > 0) return;
  const estimated = await estimatesOf(tx, run, models);
  const wanted = wantedBy(estimated.filter((one) => one.stage === stage));
  await warn(tx, workspaceId, await reserve(tx, { run, plan, wanted }));
}

/** Reserves what one stage run is about to use, under the plan that is held: out of its stage's part, and beyond it. */
export async function reserveStageRun(
  tx: Tx,
  run: Pick<Starting, 'id' | 'workspaceId'>,
  { plan, stageRun, units }: { plan: Plan; stageRun: { id: string; stage: StageName }; units: Units },
): Promise<void> {
  await warn(tx, run.workspaceId, await reserveSubject(tx, { run, plan, stageRun, wanted: inMeters(units) }));
}

/** Refuses an upload for which the plan has no room (QUOTA_EXCEEDED). Its row is its reservation until it is verified. */
export async function admitUpload(tx: Tx, workspaceId: string, sizeBytes: number): Promise<void> {
  const plan = await holdPlan(tx, workspaceId);
  if (!plan) return;
  const wanted = { UPLOADS: 1, STORED_BYTES: sizeBytes };
  await warn(tx, workspaceId, await requireRoom(tx, { plan, workspaceId }, wanted));
}

async function estimatesOf(tx: Tx, run: Starting, models: PaidModels): Promise<StageEstimate[]> {
  const { durationMs, sourceArtifact } = await tx.upload.findUniqueOrThrow({
    where: { id: run.uploadId },
    select: { durationMs: true, sourceArtifact: { select: { contentType: true } } },
  });
  if (durationMs === null) return [];
  const picture = sourceArtifact?.contentType.startsWith('video/') ?? true;
  return estimateOf(run.recipe, { durationMs, picture }, models);
}

/** Estimates in the wholes of the meters, by stage; a stage that is not metered is left out. */
function wantedBy(estimated: readonly StageEstimate[]): Record<string, Wanted> {
  const wishes = estimated.map(({ stage, units }) => [stage, inMeters(units)] as const);
  return Object.fromEntries(wishes.filter(([, wish]) => keysOf(wish).length > 0));
}

/** Quantities of units as the meters count them. */
function inMeters(units: Units): Wanted {
  const sums = new Map(keysOf(units).map((unit) => [unit as string, units[unit] ?? 0]));
  const wholes = usageKinds.map((kind) => [kind, measured(kind, sums)] as const);
  return Object.fromEntries(wholes.filter(([, quantity]) => quantity > 0));
}

async function warn(tx: Tx, workspaceId: string, kinds: readonly UsageKind[]): Promise<void> {
  const subject = { type: 'Workspace', id: workspaceId };
  for (const _kind of kinds) {
    await tellWorkspace(tx, { workspaceId, kind: 'USAGE_WARNING', actorId: null, subject });
  }
}
