import { Problem } from '#base/problem.ts';
import { changeRun } from '#pipeline/change-run.ts';
import type { Units } from '#pipeline/estimates.ts';
import { reserveStage, reserveStageRun } from '#pipeline/reserve.ts';
import { paidModels } from '#usage/paid-models.ts';
import { limitedPlans } from '#usage/plans.ts';
import { holdPlan } from '#usage/quota.ts';
import { isHeld, type Lease } from './lease.ts';
import type { StageContext } from './stage.ts';
import type { Worker } from './worker.ts';

/** `reserveAttempt`, once for an attempt however often it is asked for, and again where it tells what it takes. */
export function reservingOnce(worker: Worker, lease: Lease): StageContext['reserve'] {
  let reserved: Promise<void> | undefined;
  return (units) => (units ? reserveAttempt(worker, lease, units) : (reserved ??= reserveAttempt(worker, lease)));
}

/**
 * Reserves what a stage may use just before its work would spend it, unless that was done when the run started or by
 * another subject of the stage; `units` are the subject's own, as it is now. Throws QUOTA_EXCEEDED, and CANCELED for an
 * attempt that has lost its lease: what it reserved would be released by nobody. Under a plan without limits it is one
 * read.
 */
async function reserveAttempt(worker: Worker, lease: Lease, units?: Units): Promise<void> {
  const { run, stage } = lease;
  const where = { id: run.workspaceId, plan: { in: [...limitedPlans] } };
  if (!(await worker.database.prisma.workspace.findFirst({ where, select: { id: true } }))) return;
  const cause = `${lease.token}:${units ? 'subject' : 'stage'}:reserved`;
  const held = await changeRun(worker, { runId: run.id, cause }, async ({ tx }) => {
    if (!(await isHeld(tx, lease))) return false;
    const plan = await holdPlan(tx, run.workspaceId);
    if (!plan) return true;
    await reserveStage(tx, { ...run, stage }, { plan, models: paidModels(worker.env) });
    if (units) await reserveStageRun(tx, run, { plan, stageRun: lease, units });
    return true;
  });
  if (!held) throw new Problem('CANCELED', { why: 'the lease was lost before anything was reserved' });
}
