import { z } from 'zod';
import type { Tx } from '#base/database.ts';
import type { Log } from '#base/log.ts';
import { changeRun } from '#pipeline/change-run.ts';
import { stageStatusEvent } from '#pipeline/events.ts';
import { freeJobs, replaceJob } from '#pipeline/queue.ts';
import { stageNamed } from '#pipeline/stages.ts';
import { databaseTime, type LeaseTaker, silent } from './lease.ts';

// What a dead worker leaves behind: its row, jobs that the queue holds for it (for four hours), stage runs that are
// RUNNING. Every worker looks for that; who sees it first, wins. Each step stands alone, because the worker that takes
// it may die as well: the next look finds what is left.

/**
 * Puts what silent workers held back into the queue, and gives a job to every open stage run that has none. The lost
 * attempt stays counted: a stage that kills its workers must end some time. Returns how many stage runs were looked at.
 */
export async function reclaimSilent(writer: LeaseTaker, log: Log): Promise<number> {
  const buried = await buryWorkers(writer, log);
  const lost = await lostStages(writer, buried);
  for (const row of lost) await oneByOne(log, row, () => requeue(writer, log, { ...row, buried }));
  const jobless = await joblessStages(writer);
  for (const row of jobless) await oneByOne(log, row, () => giveJob(writer, log, row));
  return lost.length + jobless.length;
}

const deadWorkers = z.array(z.object({ id: z.string(), queueIds: z.array(z.string()) }));
const strayHolders = z.array(z.object({ poolId: z.string() }));

/**
 * Takes away the rows of silent workers and frees their jobs, also those whose lease they had not taken yet. Names that
 * belong to no worker are those of one that died before its first beat; ours change when a runner is opened anew.
 */
async function buryWorkers({ database, env }: LeaseTaker, log: Log): Promise<string[]> {
  const silence = env.WORKER_SILENT_MS / 1_000;
  const burial = async (tx: Tx) => {
    const found = deadWorkers.parse(
      await tx.$queryRaw`
        delete from workers where heartbeat_at < clock_timestamp() - make_interval(secs => ${silence})
        returning id, queue_ids as "queueIds"`,
    );
    const strays = strayHolders.parse(
      await tx.$queryRaw`
        select distinct locked_by as "poolId" from graphile_worker._private_jobs
        where locked_at < clock_timestamp() - make_interval(secs => ${silence})
          and not exists (select 1 from workers where locked_by = any(queue_ids))`,
    );
    const poolIds = [...found.flatMap(({ queueIds }) => queueIds), ...strays.map(({ poolId }) => poolId)];
    return { dead: found.map(({ id }) => id), freed: await freeJobs(tx, poolIds) };
  };
  const { dead, freed } = await database.prisma.$transaction(burial, { timeout: 30_000, maxWait: 10_000 });
  if (dead.length > 0 || freed > 0) log.warn({ workers: dead, jobs: freed }, 'silent workers buried');
  return dead;
}

interface LostStage {
  readonly id: string;
  readonly runId: string;
  readonly stage: string;
  readonly subject: string;
  readonly attempt: number;
  readonly attemptToken: string | null;
  readonly workerId: string | null;
}

const atOnce = 100;

const lostStages = async (writer: LeaseTaker, buried: readonly string[]): Promise<LostStage[]> =>
  writer.database.prisma.stageRun.findMany({
    where: lost(writer, buried, await databaseTime(writer.database.prisma)),
    select: { id: true, runId: true, stage: true, subject: true, attempt: true, attemptToken: true, workerId: true },
    take: atOnce,
  });

const lost = (writer: LeaseTaker, buried: readonly string[], now: Date) => ({
  OR: [silent(writer, now), { status: 'RUNNING' as const, workerId: { in: [...buried] } }],
});

/** One run that cannot be changed must not keep all others waiting. */
async function oneByOne(log: Log, { id }: { id: string }, body: () => Promise<void>): Promise<void> {
  await body().catch((error: unknown) => log.error({ err: error, stageRunId: id }, 'a stage could not be reclaimed'));
}

async function requeue(
  writer: LeaseTaker,
  log: Log,
  { buried, ...row }: LostStage & { readonly buried: readonly string[] },
): Promise<void> {
  const cause = `${row.id}:${row.attempt}:lost`;
  const done = await changeRun(writer, { runId: row.runId, cause }, async ({ tx, emit }) => {
    const { count } = await tx.stageRun.updateMany({
      where: { id: row.id, attemptToken: row.attemptToken, ...lost(writer, buried, await databaseTime(tx)) },
      data: { status: 'QUEUED', attemptToken: null, workerId: null },
    });
    if (count === 0) return false;
    const stage = stageNamed(row.stage);
    await replaceJob(tx, { stage, stageRunId: row.id });
    emit(stageStatusEvent(cause, { ...row, stage }, { stageStatus: 'QUEUED' }));
    return true;
  });
  if (done) {
    log.warn(
      { stageRunId: row.id, runId: row.runId, workerId: row.workerId },
      'worker fell silent, its stage is queued again',
    );
  }
}

const stageRows = z.array(z.object({ id: z.string(), runId: z.string() }));

/** A job that has used all attempts of the queue counts as none: nobody will ever take it. */
async function joblessStages({ database, env }: LeaseTaker): Promise<z.output<typeof stageRows>> {
  return stageRows.parse(
    await database.prisma.$queryRaw`
      select id::text, run_id::text as "runId" from stage_runs
      where status in ('QUEUED', 'WAITING')
        and created_at < clock_timestamp() - make_interval(secs => ${env.WORKER_SILENT_MS / 1_000})
        and not exists (
          select 1 from graphile_worker._private_jobs where key = stage_runs.id::text and attempts < max_attempts)
      limit ${atOnce}`,
  );
}

async function giveJob(writer: LeaseTaker, log: Log, row: { id: string; runId: string }): Promise<void> {
  const given = await changeRun(writer, { runId: row.runId, cause: `${row.id}:jobless` }, async ({ tx }) => {
    const open = await openStage(tx, row.id);
    if (open) await replaceJob(tx, { stage: stageNamed(open.stage), stageRunId: row.id, runAt: open.nextAttemptAt });
    return open !== null;
  });
  if (given) log.warn({ stageRunId: row.id, runId: row.runId }, 'a stage without a job got one');
}

const openStage = (tx: Tx, id: string) =>
  tx.stageRun.findFirst({
    where: { id, status: { in: ['QUEUED', 'WAITING'] } },
    select: { stage: true, nextAttemptAt: true },
  });
