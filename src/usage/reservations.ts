import type { Tx } from '#base/database.ts';
import { keysOf } from '#base/record.ts';
import type { UsageKind } from '#generated/prisma/enums.ts';
import { measured } from './meters.ts';
import type { Plan } from './plans.ts';
import { requireRoom, type Wanted } from './quota.ts';

/** A run, and what each of its stages may use. */
export interface Reserving {
  readonly run: { readonly id: string; readonly workspaceId: string };
  readonly plan: Plan;
  readonly wanted: Readonly<Record<string, Wanted>>;
}

/**
 * Reserves what a run may use, under the plan that is held (`holdPlan`), or refuses with QUOTA_EXCEEDED and writes
 * nothing. What the same stages had reserved before is counted out first. Gives the kinds to warn of.
 */
export async function reserve(tx: Tx, { run, plan, wanted }: Reserving): Promise<UsageKind[]> {
  const stages = keysOf(wanted);
  await tx.usageReservation.deleteMany({ where: { runId: run.id, stage: { in: stages } } });
  const warned = await requireRoom(tx, { plan, workspaceId: run.workspaceId }, totalOf(Object.values(wanted)));
  await tx.usageReservation.createMany({
    data: stages.flatMap((stage) =>
      keysOf(wanted[stage] ?? {}).map((kind) => ({
        runId: run.id,
        stage,
        kind,
        workspaceId: run.workspaceId,
        quantity: wanted[stage]?.[kind] ?? 0,
      })),
    ),
  });
  return warned;
}

/** The sum of several wishes, kind by kind. */
export function totalOf(wishes: readonly Wanted[]): Wanted {
  const total: Partial<Record<UsageKind, number>> = {};
  for (const wish of wishes) for (const kind of keysOf(wish)) total[kind] = (total[kind] ?? 0) + (wish[kind] ?? 0);
  return total;
}

/**
 * Counts what a stage run was charged against what its stage had reserved, in the commit that charges it. Of a stage
 * that repeats, the rest stays for its other subjects.
 */
export async function settle(
  tx: Tx,
  stageRun: { id: string; runId: string; stage: string; repeats: boolean },
): Promise<void> {
  const where = { runId: stageRun.runId, stage: stageRun.stage };
  if (!stageRun.repeats) return void (await tx.usageReservation.deleteMany({ where }));
  const reserved = await tx.usageReservation.findMany({ where, select: { kind: true, quantity: true } });
  if (reserved.length === 0) return;
  const charged = await tx.usageEntry.groupBy({
    by: ['unit'],
    where: { stageRunId: stageRun.id },
    _sum: { quantity: true },
  });
  const sums = new Map(charged.map(({ unit, _sum }) => [unit as string, Number(_sum.quantity ?? 0)]));
  for (const { kind, quantity } of reserved) {
    await tx.usageReservation.update({
      where: { runId_stage_kind: { ...where, kind } },
      data: { quantity: Math.max(0, Number(quantity) - measured(kind, sums)) },
    });
  }
}

/** Gives back all that a run had reserved: it has ended. */
export const release = async (tx: Tx, runId: string): Promise<void> =>
  void (await tx.usageReservation.deleteMany({ where: { runId } }));
