import type { Tx } from '#base/database.ts';
import { Problem } from '#base/problem.ts';
import { keysOf, recordOf } from '#base/record.ts';
import { Prisma } from '#generated/prisma/client.ts';
import type { UsageKind } from '#generated/prisma/enums.ts';
import { meters, type Period, periodOf, shown } from './meters.ts';
import { limitedPlans, type Plan, planNamed } from './plans.ts';
import { type Use, useOf } from './use.ts';

/** How much of each kind is wanted, in the meter's wholes. */
export type Wanted = Readonly<Partial<Record<UsageKind, number>>>;

/**
 * The workspace's plan if it limits anything; then nobody else reserves until the transaction ends, so that two starts
 * never both get the last of it. Under a plan without limits this is one read and no lock.
 */
export async function holdPlan(tx: Tx, workspaceId: string): Promise<Plan | null> {
  const [row] = await tx.$queryRaw<{ plan: string }[]>`${heldPlan(workspaceId)}`;
  return row ? planNamed(row.plan) : null;
}

/** The same as a part of a statement that does more: a query of the plan's name, or of nothing. */
export const heldPlan = (workspaceId: string): Prisma.Sql => Prisma.sql`
  select plan from workspaces where id = ${workspaceId}::uuid and plan = any(${limitedPlans}) for no key update`;

/** A plan, and the workspace that has it. */
interface PlanOf {
  readonly plan: Plan;
  readonly workspaceId: string;
}

/**
 * Refuses what the held plan does not allow any more this month (QUOTA_EXCEEDED). Gives the kinds of which four fifths
 * are gone now, each once a month: somebody should be told.
 */
export async function requireRoom(tx: Tx, of: PlanOf, wanted: Wanted): Promise<UsageKind[]> {
  const { refused, near, month } = await lookAt(tx, of, wanted);
  if (refused) throw refused;
  return firstOfMonth(tx, { workspaceId: of.workspaceId, month, kinds: near });
}

/** The refusal that a wish would meet now, or null; holds and writes nothing. */
export async function refusalOf(tx: Tx, workspaceId: string, wanted: Wanted): Promise<Problem | null> {
  const where = { id: workspaceId };
  const { plan } = await tx.workspace.findUniqueOrThrow({ where, select: { plan: true } });
  return (await lookAt(tx, { plan: planNamed(plan), workspaceId }, wanted)).refused;
}

async function lookAt(tx: Tx, { plan, workspaceId }: PlanOf, wanted: Wanted) {
  const month = periodOf(new Date());
  const use = await useOf(tx, workspaceId, month);
  const share = (kind: UsageKind): number => {
    const limit = plan.limits[kind];
    return limit === null ? 0 : (use[kind].used + use[kind].reserved + (wanted[kind] ?? 0)) / limit;
  };
  const kinds = keysOf(wanted).filter((kind) => (wanted[kind] ?? 0) > 0);
  const over = kinds.find((kind) => share(kind) > 1);
  const refused = over ? refusal(plan, over, { ...use[over], wanted: wanted[over] ?? 0, resetsAt: month.end }) : null;
  return { refused, near: kinds.filter((kind) => share(kind) > warnAbove), month };
}

/** From here on a workspace is told that its plan comes to an end. */
const warnAbove = 0.8;

function refusal(plan: Plan, kind: UsageKind, use: Use & { wanted: number; resetsAt: Date }): Problem {
  const { used, reserved, wanted, resetsAt } = use;
  const amounts = { limit: plan.limits[kind] ?? 0, used, reserved, wanted };
  const facts = recordOf(keysOf(amounts), (name) => Math.round(shown(kind, amounts[name]) * 1000) / 1000);
  const forever = meters[kind].span === 'level';
  return new Problem('QUOTA_EXCEEDED', {
    plan: plan.name,
    kind,
    unit: meters[kind].unit,
    ...facts,
    resetsAt: forever ? null : resetsAt.toISOString(),
  });
}

/** An entry of nothing, under a key of the month: whoever writes it tells, all others have been told. */
async function firstOfMonth(
  tx: Tx,
  { workspaceId, month, kinds }: { workspaceId: string; month: Period; kinds: readonly UsageKind[] },
): Promise<UsageKind[]> {
  const name = month.start.toISOString().slice(0, 7);
  const fresh: UsageKind[] = [];
  for (const kind of kinds) {
    const [unit] = keysOf(meters[kind].counts);
    if (!unit) continue;
    const entry = { workspaceId, dedupeKey: `warned:${kind}:${name}`, unit, quantity: 0 };
    const { count } = await tx.usageEntry.createMany({
      data: { ...entry, priceMicrosPerMillion: 0, pricedOn: month.start, costMicros: 0 },
      skipDuplicates: true,
    });
    if (count > 0) fresh.push(kind);
  }
  return fresh;
}
