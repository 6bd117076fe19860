import type { Tx } from '#base/database.ts';
import { Problem } from '#base/problem.ts';
import { keysOf } from '#base/record.ts';
import type { UsageKind, UsageUnit } from '#generated/prisma/enums.ts';
import { measured } from '#usage/meters.ts';
import { type PaidModels, paidModels } from '#usage/paid-models.ts';
import { limitedPlans, type Plan, usageKinds } from '#usage/plans.ts';
import { holdPlan, refusalOf, requireRoom, type Wanted } from '#usage/quota.ts';
import { reserve, totalOf } from '#usage/reservations.ts';
import { tellWorkspace } from './activity.ts';
import { changeRun } from './change-run.ts';
import { estimateOf, type StageEstimate } from './estimates.ts';
import { isHeld, type Lease } from './lease.ts';
import type { Recipe } from './recipe.ts';
import type { StageName } from './stages.ts';
import type { Worker } from './worker.ts';

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

/** `reserveStage`, once for an attempt however often it is asked for. */
export function reservingOnce(worker: Worker, lease: Lease): () => Promise<void> {
  let reserved: Promise<void> | undefined;
  return () => (reserved ??= reserveStage(worker, lease));
}

/**
 * Reserves what a stage may use just before its work would spend it, unless that was done when the run started or by
 * another subject of the stage. Throws QUOTA_EXCEEDED, and CANCELED for an attempt that has lost its lease: what it
 * reserved would be released by nobody. Under a plan without limits it is one read.
 */
async function reserveStage(worker: Worker, lease: Lease): Promise<void> {
  const { prisma } = worker.database;
  const { run, stage } = lease;
  const where = { id: run.workspaceId, plan: { in: [...limitedPlans] } };
  if (!(await prisma.workspace.findFirst({ where, select: { id: true } }))) return;
  const held = await changeRun(worker, { runId: run.id, cause: `${lease.token}:reserved` }, async ({ tx }) => {
    if (!(await isHeld(tx, lease))) return false;
    const plan = await holdPlan(tx, run.workspaceId);
    if (!plan || (await tx.usageReservation.count({ where: { runId: run.id, stage } })) > 0) return true;
    const estimated = await estimatesOf(tx, run, paidModels(worker.env));
    const wanted = wantedBy(estimated.filter((one) => one.stage === stage));
    await warn(tx, run.workspaceId, await reserve(tx, { run, plan, wanted }));
    return true;
  });
  if (!held) throw new Problem('CANCELED', { why: 'the lease was lost before anything was reserved' });
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
function inMeters(units: Readonly<Partial<Record<UsageUnit, number>>>): Wanted {
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
