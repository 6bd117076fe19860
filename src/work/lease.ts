import { randomUUID } from 'node:crypto';
import type { Tx } from '#base/database.ts';
import type { Env } from '#base/env.ts';
import { throughOutage } from '#base/outage.ts';
import { changeRun, type LockedRun, type RunChange, type RunWriter } from '#pipeline/change-run.ts';
import { stageStatusEvent } from '#pipeline/events.ts';
import { type Failure, failureOf } from '#pipeline/failure.ts';
import { isFinal } from '#pipeline/progress.ts';
import { type StageName, stageNamed } from '#pipeline/stages.ts';

/** What taking leases needs to know besides the database: after which silence a worker counts as dead. */
export interface LeaseTaker extends RunWriter {
  readonly env: Pick<Env, 'WORKER_SILENT_MS'>;
}

/** The right to work on a stage run: whoever holds the newest token may write, nobody else. */
export interface Lease {
  readonly id: string;
  readonly stage: StageName;
  readonly subject: string;
  readonly token: string;
  readonly attempt: number;
  readonly maxAttempts: number;
  /** Why the attempt before this one failed. */
  readonly failure: Failure | null;
  readonly run: LockedRun;
}

/** A lease that cannot be taken costs nothing: the queue brings the job again, or the reclaim does. */
const patienceMs = 10_000;

/**
 * Takes the lease of a stage run. Null when there is nothing left to do: it is gone, final, waits for a later attempt,
 * or a living worker has it. A lease whose heartbeat fell silent is taken over; its old holder finds its token gone and
 * changes nothing.
 */
export async function takeLease(writer: LeaseTaker, stageRunId: string, workerId: string): Promise<Lease | null> {
  const token = randomUUID();
  return throughOutage(
    () => patienceMs,
    async () => {
      const { prisma } = writer.database;
      const target = await prisma.stageRun.findUnique({ where: { id: stageRunId }, select: { runId: true } });
      if (!target) return null;
      return changeRun(writer, { runId: target.runId, cause: token }, (change) =>
        leaseIn(change, writer, { stageRunId, workerId, token }),
      );
    },
  );
}

async function leaseIn(
  { tx, run, emit }: RunChange,
  writer: LeaseTaker,
  taker: { stageRunId: string; workerId: string; token: string },
): Promise<Lease | null> {
  if (isFinal(run.status)) return null;
  const now = await databaseTime(tx);
  const due = { status: 'WAITING' as const, OR: [{ nextAttemptAt: null }, { nextAttemptAt: { lte: now } }] };
  await tx.stageRun.updateMany({
    where: { id: taker.stageRunId, OR: [{ status: 'QUEUED' }, due, silent(writer, now)] },
    data: {
      status: 'RUNNING',
      attempt: { increment: 1 },
      attemptToken: taker.token,
      workerId: taker.workerId,
      heartbeatAt: now,
      nextAttemptAt: null,
    },
  });
  // Taken just now, or by a try whose commit went through while its answer was lost.
  const row = await tx.stageRun.findFirst({
    where: { id: taker.stageRunId, status: 'RUNNING', attemptToken: taker.token },
    select: { id: true, stage: true, subject: true, attempt: true, maxAttempts: true, startedAt: true, failure: true },
  });
  if (!row) return null;
  if (!row.startedAt) await tx.stageRun.update({ where: { id: row.id }, data: { startedAt: now } });
  const lease = { ...row, stage: stageNamed(row.stage), failure: failureOf(row.failure), token: taker.token, run };
  emit(stageStatusEvent(`${taker.token}:RUNNING`, lease, { stageStatus: 'RUNNING' }));
  return lease;
}

/** Says that the holder lives. False when the lease is no longer its own: canceled, taken over, or gone. */
export async function beat(writer: RunWriter, lease: Lease): Promise<boolean> {
  const beaten = await writer.database.prisma.$executeRaw`
    update stage_runs set heartbeat_at = clock_timestamp()
    where id = ${lease.id}::uuid and attempt_token = ${lease.token}::uuid and status = 'RUNNING'`;
  return beaten > 0;
}

/** The attempt's stage run, while the attempt may still write to it: the condition of everything that it writes. */
export const heldBy = ({ id, token }: Lease) => ({ id, attemptToken: token, status: 'RUNNING' as const });

/** Whether an attempt may still write; to be asked under its run's lock. */
export const isHeld = async (tx: Tx, lease: Lease): Promise<boolean> =>
  (await tx.stageRun.count({ where: heldBy(lease) })) > 0;

/** The one clock of all workers: those of two machines may differ by more than a silence. */
export async function databaseTime(tx: Tx): Promise<Date> {
  const [row] = await tx.$queryRaw<{ now: Date }[]>`select clock_timestamp() as now`;
  return row?.now ?? new Date();
}

/** A stage run whose holder has not been heard of for too long. */
export const silent = ({ env }: LeaseTaker, now: Date) => ({
  status: 'RUNNING' as const,
  heartbeatAt: { lt: new Date(now.getTime() - env.WORKER_SILENT_MS) },
});
