import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { takeLease } from '#work/lease.ts';
import { reclaimSilent } from '#work/reclaim.ts';
import { eventsOf, stageLines } from '../support/run-rows.ts';
import { openTestRunner, type TestRunner } from '../support/stage-runner.ts';

interface Job {
  readonly id: string;
  readonly holder: string | null;
  readonly at: Date;
}

describe('what a dead worker leaves behind', () => {
  let opened: TestRunner;
  let runId: string;
  let stageRunId: string;

  beforeAll(async () => {
    opened = await openTestRunner();
  });
  afterAll(() => opened[Symbol.asyncDispose]());
  beforeEach(async () => {
    const { pool, prisma } = opened.database;
    await pool.query('delete from graphile_worker._private_jobs');
    await prisma.run.deleteMany();
    await prisma.worker.deleteMany();
    ({ runId, stageRunId } = await opened.seed());
  });

  const reclaim = () => reclaimSilent(opened.runner.worker, opened.runner.worker.log);
  const stageRun = () => opened.database.prisma.stageRun.findUniqueOrThrow({ where: { id: stageRunId } });
  const jobs = async (): Promise<Job[]> => {
    const { rows } = await opened.database.pool.query<Job>(
      'select id::text, locked_by as holder, run_at as at from graphile_worker._private_jobs order by id',
    );
    return rows;
  };

  /** Another worker that was heard of so long ago. */
  const worker = async (id: string, silentMs: number, queueIds = [`pool-${id}`]): Promise<void> => {
    const heartbeatAt = new Date(Date.now() - silentMs);
    await opened.database.prisma.worker.create({ data: { id, queueIds, facts: {}, heartbeatAt } });
  };
  /** What the queue writes when a runner takes a job. */
  const hold = async (poolId: string, heldMs = 0): Promise<void> => {
    await opened.database.pool.query(
      `update graphile_worker._private_jobs set locked_by = $1, attempts = attempts + 1,
       locked_at = now() - make_interval(secs => $2)`,
      [poolId, heldMs / 1_000],
    );
  };
  /** What the queue does when a runner is done with a job: it asks nobody whose it is. */
  const complete = (id: string | undefined) =>
    opened.database.pool.query('delete from graphile_worker._private_jobs where id = $1', [id]);

  test('is its row, taken away once however many look, and never that of a living one', async () => {
    await worker('dead', 3_500);
    await worker('living', 1_000);
    await Promise.all([reclaim(), reclaim(), reclaim()]);
    expect(await opened.database.prisma.worker.findMany({ select: { id: true } })).toEqual([{ id: 'living' }]);
  });

  test('is a job whose lease it had not taken, free at once under a new id', async () => {
    await worker('dead', 3_500);
    await hold('pool-dead');
    const [held] = await jobs();
    await reclaim();
    const [free] = await jobs();
    expect(free).toMatchObject({ holder: null });
    expect(free?.id).not.toBe(held?.id);
    await complete(held?.id);
    expect(await jobs(), 'the living job is not the one it completes when it wakes').toEqual([free]);
  });

  test('is a job held under a name of nobody, free only when it is old enough', async () => {
    await hold('pool-of-nobody', 2_000);
    await reclaim();
    expect(await jobs()).toMatchObject([{ holder: 'pool-of-nobody' }]);
    await hold('pool-of-nobody', 3_500);
    await reclaim();
    expect(await jobs()).toMatchObject([{ holder: null }]);
  });

  test('is not the job of a living worker, however long it takes', async () => {
    await worker('living', 0);
    await hold('pool-living', 3_600_000);
    await reclaim();
    expect(await jobs()).toMatchObject([{ holder: 'pool-living' }]);
  });

  test('is a running stage, queued again with a new job though its own beat is fresh', async () => {
    await worker('dead', 3_500);
    await hold('pool-dead');
    const [held] = await jobs();
    await takeLease(opened.runner.worker, stageRunId, 'dead');
    await Promise.all([reclaim(), reclaim()]);
    expect(await stageRun()).toMatchObject({ status: 'QUEUED', attempt: 1, attemptToken: null, workerId: null });
    const queued = await jobs();
    expect(queued).toMatchObject([{ holder: null }]);
    await complete(held?.id);
    expect(await jobs()).toEqual(queued);
    expect(stageLines(await eventsOf(opened.database, runId))).toEqual([
      'ingest QUEUED 0',
      'ingest RUNNING 1',
      'ingest QUEUED 1',
    ]);
  });

  describe('or nobody: a stage that waits without a job', () => {
    const age = () =>
      opened.database.prisma.stageRun.update({
        where: { id: stageRunId },
        data: { createdAt: new Date(Date.now() - 3_500) },
      });

    test('gets one, and only one', async () => {
      await age();
      await complete((await jobs())[0]?.id);
      await Promise.all([reclaim(), reclaim()]);
      expect(await jobs()).toHaveLength(1);
      const [given] = await jobs();
      await reclaim();
      expect(await jobs(), 'the next look finds it').toEqual([given]);
    });

    test('gets one for the time of its next attempt', async () => {
      await age();
      const nextAttemptAt = new Date(Date.now() + 60_000);
      await opened.database.prisma.stageRun.update({
        where: { id: stageRunId },
        data: { status: 'WAITING', nextAttemptAt },
      });
      await complete((await jobs())[0]?.id);
      await reclaim();
      expect(await jobs()).toMatchObject([{ at: nextAttemptAt }]);
    });

    test('gets one in place of a job that the queue gave up', async () => {
      await age();
      await opened.database.pool.query('update graphile_worker._private_jobs set attempts = max_attempts');
      const [given] = await jobs();
      await reclaim();
      const [living] = await jobs();
      expect(await jobs()).toHaveLength(1);
      expect(living?.id).not.toBe(given?.id);
    });

    test('gets none while it is as young as a commit, nor when it is over', async () => {
      await complete((await jobs())[0]?.id);
      await reclaim();
      expect(await jobs()).toEqual([]);
      await age();
      await opened.database.prisma.stageRun.update({ where: { id: stageRunId }, data: { status: 'CANCELED' } });
      await reclaim();
      expect(await jobs()).toEqual([]);
    });
  });

  test('is not what it wakes for before its time: a stage that waits is not taken early', async () => {
    const soon = new Date(Date.now() + 60_000);
    await opened.database.prisma.stageRun.update({
      where: { id: stageRunId },
      data: { status: 'WAITING', nextAttemptAt: soon },
    });
    expect(await takeLease(opened.runner.worker, stageRunId, 'woken')).toBeNull();
    await opened.database.prisma.stageRun.update({ where: { id: stageRunId }, data: { nextAttemptAt: new Date() } });
    expect(await takeLease(opened.runner.worker, stageRunId, 'woken')).toMatchObject({ attempt: 1 });
  });
});
