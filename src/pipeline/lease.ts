import { randomUUID } from 'node:crypto';
import type { Tx } from '#base/database.ts';
import type { Env } from '#base/env.ts';
import type { Log } from '#base/log.ts';
import { changeRun, type LockedRun, type RunWriter } from './change-run.ts';
import { stageStatusEvent } from './events.ts';
import { isFinal } from './progress.ts';
import { addJob } from './queue.ts';
import { type StageName, stageNamed } from './stages.ts';

/** What taking leases needs to know besides the database: after which silence a worker counts as dead. */
interface LeaseTaker extends RunWriter {
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
  readonly run: LockedRun;
}

/**
 * Takes the lease of a stage run. Null when there is nothing left to do: it is gone, final, or a living worker has it.
 * A lease whose heartbeat fell silent is taken over; its old holder finds its token gone and changes nothing.
 */
export async function takeLease(writer: LeaseTaker, stageRunId: string, workerId: string): Promise<Lease | null> {
  const { prisma } = writer.database;
  const target = await prisma.stageRun.findUnique({ where: { id: stageRunId }, select: { runId: true } });
  if (!target) return null;
  const token = randomUUID();
  return changeRun(writer, { runId: target.runId, cause: token }, async ({ tx, run, emit }) => {
    if (isFinal(run.status)) return null;
    const now = await databaseTime(tx);
    const { count } = await tx.stageRun.updateMany({
      where: { id: stageRunId, OR: [{ status: { in: ['QUEUED', 'WAITING'] } }, silent(writer, now)] },
      data: {
        status: 'RUNNING',
        attempt: { increment: 1 },
        attemptToken: token,
        workerId,
        heartbeatAt: now,
        nextAttemptAt: null,
      },
    });
    if (count === 0) return null;
    const row = await tx.stageRun.findUniqueOrThrow({
      where: { id: stageRunId },
      select: { id: true, stage: true, subject: true, attempt: true, maxAttempts: true, startedAt: true },
    });
    if (!row.startedAt) await tx.stageRun.update({ where: { id: row.id }, data: { startedAt: new Date() } });
    const lease = { ...row, stage: stageNamed(row.stage), token, run };
    emit(stageStatusEvent(`${token}:RUNNING`, lease, { stageStatus: 'RUNNING' }));
    return lease;
  });
}

/** Says that the holder lives. False when the lease is no longer its own: canceled, taken over, or gone. */
export async function beat(writer: RunWriter, lease: Lease): Promise<boolean> {
  const beaten = await writer.database.prisma.$executeRaw`
    update stage_runs set heartbeat_at = clock_timestamp()
    where id = ${lease.id}::uuid and attempt_token = ${lease.token}::uuid and status = 'RUNNING'`;
  return beaten > 0;
}

/**
 * Puts stages whose holder fell silent back into the queue; every worker looks, the first one wins. The lost attempt
 * stays counted: a stage that kills its workers must end some time. Returns how many were looked at.
 */
export async function reclaimSilent(writer: LeaseTaker, log: Log): Promise<number> {
  const { prisma } = writer.database;
  const found = await prisma.stageRun.findMany({
    where: silent(writer, await databaseTime(prisma)),
    select: { id: true, runId: true, stage: true, subject: true, attempt: true, workerId: true },
    take: 100,
  });
  for (const row of found) {
    const { id: stageRunId, workerId } = row;
    // One run that cannot be changed must not keep all others waiting.
    await reclaim(writer, row).then(
      () => log.warn({ stageRunId, workerId }, 'worker fell silent, its stage is queued again'),
      (error: unknown) => log.error({ err: error, stageRunId }, 'a silent stage could not be queued again'),
    );
  }
  return found.length;
}

async function reclaim(
  writer: LeaseTaker,
  row: { id: string; runId: string; stage: string; subject: string; attempt: number },
): Promise<void> {
  const lost = `${row.id}:${row.attempt}:lost`;
  await changeRun(writer, { runId: row.runId, cause: lost }, async ({ tx, emit }) => {
    const { count } = await tx.stageRun.updateMany({
      where: { id: row.id, ...silent(writer, await databaseTime(tx)) },
      data: { status: 'QUEUED', attemptToken: null, workerId: null },
    });
    if (count === 0) return;
    const stage = stageNamed(row.stage);
    await addJob(tx, { stage, stageRunId: row.id });
    emit(stageStatusEvent(lost, { ...row, stage }, { stageStatus: 'QUEUED' }));
  });
}

/** The one clock of all workers: those of two machines may differ by more than a silence. */
async function databaseTime(tx: Tx): Promise<Date> {
  const [row] = await tx.$queryRaw<{ now: Date }[]>`select clock_timestamp() as now`;
  return row?.now ?? new Date();
}

const silent = ({ env }: LeaseTaker, now: Date) => ({
  status: 'RUNNING' as const,
  heartbeatAt: { lt: new Date(now.getTime() - env.WORKER_SILENT_MS) },
});
