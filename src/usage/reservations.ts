import type { Tx } from '#base/database.ts';
import { keysOf, recordOf } from '#base/record.ts';
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
  await tx.usageReservation.deleteMany({ where: { runId: run.id, stage: { in: keysOf(wanted) } } });
  const warned = await requireRoom(tx, { plan, workspaceId: run.workspaceId }, totalOf(Object.values(wanted)));
  await write(tx, run, wanted);
  return warned;
}

/** One subject of a stage that repeats, and what it is about to use. */
interface ReservingSubject extends Pick<Reserving, 'run' | 'plan'> {
  readonly stageRun: { readonly id: string; readonly stage: string };
  readonly wanted: Wanted;
}

/**
 * Gives a subject of a stage its own part of what the stage has reserved, so that no other one counts on it; what goes
 * beyond that is reserved as well, under the plan that is held, or refused with QUOTA_EXCEEDED. What the subject had
 * before is counted out first. Gives the kinds to warn of.
 */
export async function reserveSubject(tx: Tx, { run, plan, stageRun, wanted }: ReservingSubject): Promise<UsageKind[]> {
  const { stage } = stageRun;
  const own = ownOf(stageRun);
  const where = { runId: run.id, stage: { in: [stage, own] } };
  const rows = await tx.usageReservation.findMany({ where, select: { kind: true, quantity: true } });
  const held = totalOf(rows.map(({ kind, quantity }) => ({ [kind]: Number(quantity) })));
  const warned = await requireRoom(tx, { plan, workspaceId: run.workspaceId }, beyond(wanted, held));
  await tx.usageReservation.deleteMany({ where });
  await write(tx, run, { [stage]: beyond(held, wanted), [own]: wanted });
  return warned;
}

/** Under which name a subject's own part of its stage stands. */
const ownOf = ({ id, stage }: ReservingSubject['stageRun']): string => `${stage}:${id}`;

/** How much more one is than another, kind by kind. */
const beyond = (one: Wanted, other: Wanted): Wanted =>
  recordOf(keysOf(one), (kind) => Math.max(0, (one[kind] ?? 0) - (other[kind] ?? 0)));

async function write(tx: Tx, run: Reserving['run'], wanted: Reserving['wanted']): Promise<void> {
  await tx.usageReservation.createMany({
    data: keysOf(wanted).flatMap((stage) =>
      keysOf(wanted[stage] ?? {}).map((kind) => ({
        runId: run.id,
        stage,
        kind,
        workspaceId: run.workspaceId,
        quantity: wanted[stage]?.[kind] ?? 0,
      })),
    ),
  });
}

/** The sum of several wishes, kind by kind. */
export function totalOf(wishes: readonly Wanted[]): Wanted {
  const total: Partial<Record<UsageKind, number>> = {};
  for (const wish of wishes) for (const kind of keysOf(wish)) total[kind] = (total[kind] ?? 0) + (wish[kind] ?? 0);
  return total;
}

/**
 * Counts what a stage run was charged against what its stage had reserved, in the commit that charges it. Of a stage
 * that repeats, the rest stays for its other subjects; a subject's own part ends with it.
 */
export async function settle(
  tx: Tx,
  stageRun: { id: string; runId: string; stage: string; repeats: boolean },
): Promise<void> {
  const where = { runId: stageRun.runId, stage: stageRun.stage };
  if (!stageRun.repeats) return void (await tx.usageReservation.deleteMany({ where }));
  const own = await tx.usageReservation.deleteMany({ where: { ...where, stage: ownOf(stageRun) } });
  if (own.count > 0) return;
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
