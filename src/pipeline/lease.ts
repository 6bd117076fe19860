import { randomUUID } from 'node:crypto';
import type { Log } from '#base/log.ts';
import { changeRun, type LockedRun, type RunWriter } from './change-run.ts';
import { isFinal } from './progress.ts';
import { addJob } from './queue.ts';
import { type StageName, stageNamed } from './stages.ts';

/** A worker silent for this long is dead: its stages run elsewhere. */
export const silentAfterMs = 15_000;

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
export async function takeLease(writer: RunWriter, stageRunId: string, workerId: string): Promise<Lease | null> {
  const { prisma } = writer.database;
  const target = await prisma.stageRun.findUnique({ where: { id: stageRunId }, select: { runId: true } });
  if (!target) return null;
  const token = randomUUID();
  return changeRun(writer, { runId: target.runId, cause: token }, async ({ tx, run, emit }) => {
    if (isFinal(run.status)) return null;
    const silent = new Date(Date.now() - silentAfterMs);
    const { count } = await tx.stageRun.updateMany({
      where: {
        id: stageRunId,
        OR: [{ status: { in: ['QUEUED', 'WAITING'] } }, { status: 'RUNNING', heartbeatAt: { lt: silent } }],
      },
      data: {
        status: 'RUNNING',
        attempt: { increment: 1 },
        attemptToken: token,
        workerId,
        heartbeatAt: new Date(),
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
    emit({
      dedupeKey: `${token}:RUNNING`,
      data: {
        kind: 'STAGE_STATUS',
        stageRunId: row.id,
        stage: lease.stage,
        subject: row.subject || null,
        stageStatus: 'RUNNING',
        attempt: row.attempt,
        failure: null,
      },
    });
    return lease;
  });
}

/** Says that the holder lives. False when the lease is no longer its own: canceled, taken over, or gone. */
export async function beat(writer: RunWriter, lease: Lease): Promise<boolean> {
  const { count } = await writer.database.prisma.stageRun.updateMany({
    where: { id: lease.id, attemptToken: lease.token, status: 'RUNNING' },
    data: { heartbeatAt: new Date() },
  });
  return count > 0;
}

/** Puts stages whose holder fell silent back into the queue; every worker looks, the first one wins. Returns how many. */
export async function reclaimSilent(writer: RunWriter, log: Log): Promise<number> {
  const silent = { status: 'RUNNING' as const, heartbeatAt: { lt: new Date(Date.now() - silentAfterMs) } };
  const found = await writer.database.prisma.stageRun.findMany({
    where: silent,
    select: { id: true, runId: true, stage: true, attempt: true, workerId: true },
    take: 100,
  });
  for (const row of found) {
    await changeRun(writer, { runId: row.runId, cause: `${row.id}:${row.attempt}:lost` }, async ({ tx }) => {
      const { count } = await tx.stageRun.updateMany({
        where: { id: row.id, ...silent },
        data: { status: 'QUEUED', attemptToken: null, workerId: null },
      });
      if (count > 0) await addJob(tx, { stage: stageNamed(row.stage), stageRunId: row.id });
    });
    log.warn({ stageRunId: row.id, workerId: row.workerId }, 'worker fell silent, its stage is queued again');
  }
  return found.length;
}
