import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { maxAttempts } from '#pipeline/stages.ts';
import { beat, takeLease } from '#work/lease.ts';
import { reclaimSilent } from '#work/reclaim.ts';
import { runStage } from '#work/run-stage.ts';
import { eventsOf, openJobs, stageLines } from '../support/run-rows.ts';
import { openTestRunner, type TestRunner } from '../support/stage-runner.ts';

describe('a lease', () => {
  let opened: TestRunner;
  let runId: string;
  let stageRunId: string;

  beforeAll(async () => {
    opened = await openTestRunner();
  });
  afterAll(() => opened[Symbol.asyncDispose]());
  beforeEach(async () => {
    ({ runId, stageRunId } = await opened.seed());
  });

  const take = (workerId = 'worker-1') => takeLease(opened.runner.worker, stageRunId, workerId);
  const reclaim = () => reclaimSilent(opened.runner.worker, opened.runner.worker.log);

  /** The holder has not been heard of for this long. */
  const silentFor = (ms: number) =>
    opened.database.prisma.stageRun.update({
      where: { id: stageRunId },
      data: { heartbeatAt: new Date(Date.now() - ms) },
    });
  const row = () => opened.database.prisma.stageRun.findUniqueOrThrow({ where: { id: stageRunId } });

  test('is given to one of two workers that ask at once', async () => {
    const leases = await Promise.all([take('worker-1'), take('worker-2')]);
    expect(leases.filter((lease) => lease !== null)).toHaveLength(1);
    expect(await row()).toMatchObject({ status: 'RUNNING', attempt: 1 });
  });

  test('is not taken from a worker that was heard of lately', async () => {
    await take();
    await silentFor(2_500);
    expect(await take('worker-2')).toBeNull();
    await reclaim();
    expect(await row()).toMatchObject({ status: 'RUNNING', workerId: 'worker-1' });
  });

  test('of a silent worker is taken over, and the old holder sees that it lost it', async () => {
    const lost = await take();
    await silentFor(3_500);
    const taken = await take('worker-2');
    expect(taken?.attempt).toBe(2);
    expect(lost && (await beat(opened.runner.worker, lost))).toBe(false);
    expect(taken && (await beat(opened.runner.worker, taken))).toBe(true);
  });

  test('of a silent worker goes back to the queue once, however many look', async () => {
    await take();
    await silentFor(3_500);
    await opened.database.prisma.$queryRaw`select 1 as gone from graphile_worker.remove_job(${stageRunId})`;
    const jobs = await openJobs(opened.database);
    await Promise.all([reclaim(), reclaim(), reclaim()]);
    expect(await row()).toMatchObject({ status: 'QUEUED', attempt: 1, workerId: null, attemptToken: null });
    expect(await openJobs(opened.database)).toBe(jobs + 1);
    expect(stageLines(await eventsOf(opened.database, runId))).toEqual([
      'ingest QUEUED 0',
      'ingest RUNNING 1',
      'ingest QUEUED 1',
    ]);
  });

  test('that costs every worker its life ends the stage after all attempts', async () => {
    for (let death = 1; death <= maxAttempts; death += 1) {
      expect(await take()).toMatchObject({ attempt: death });
      await silentFor(3_500);
      await reclaim();
    }
    const began: number[] = [];
    const work = async () => {
      began.push(1);
      return async () => [];
    };
    await runStage(opened.runner, { stage: 'ingest', work }, stageRunId);
    expect(began).toEqual([]);
    expect(await row()).toMatchObject({ status: 'FAILED', failure: { code: 'WORKER_LOST' } });
    const run = await opened.database.prisma.run.findUniqueOrThrow({ where: { id: runId } });
    expect(run).toMatchObject({ status: 'FAILED', failure: { code: 'WORKER_LOST', stage: 'ingest' } });
  });
});
