import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Database } from '#base/database.ts';
import { addJob, enqueueStage, removeJobs, replaceJob } from '#pipeline/queue.ts';
import { openTestDatabase } from '../support/database.ts';
import { openJobs } from '../support/run-rows.ts';
import { seedRun, seedTenant, seedUpload, type Tenant } from '../support/seed.ts';

describe('the queue', () => {
  let database: Database;
  let tenant: Tenant;
  let run: { id: string; workspaceId: string };

  beforeAll(async () => {
    database = await openTestDatabase();
    tenant = await seedTenant(database, 'analytical');
  });
  afterAll(() => database[Symbol.asyncDispose]());
  beforeEach(async () => {
    const id = await seedRun(database, tenant, await seedUpload(database, tenant));
    run = { id, workspaceId: tenant.workspaceId };
  });

  const stageRuns = () => database.prisma.stageRun.count({ where: { runId: run.id, stage: 'write' } });
  const enqueue = (subject: string) =>
    database.prisma.$transaction((tx) => enqueueStage(tx, run, { stage: 'write', subject }));

  test('gets a stage run and its job together', async () => {
    const before = await openJobs(database);
    const enqueued = await enqueue('post');
    expect(enqueued).toMatchObject({ stage: 'write', subject: 'post' });
    expect([await stageRuns(), await openJobs(database)]).toEqual([1, before + 1]);
    expect(await jobOf(enqueued?.id ?? '')).toEqual([{ task: 'write', payload: { stageRunId: enqueued?.id } }]);
  });

  test('gets neither from a transaction that is rolled back', async () => {
    const before = await openJobs(database);
    const broken = database.prisma.$transaction(async (tx) => {
      await enqueueStage(tx, run, { stage: 'write', subject: 'post' });
      throw new Error('changed my mind');
    });
    await expect(broken).rejects.toThrow('changed my mind');
    expect([await stageRuns(), await openJobs(database)]).toEqual([0, before]);
  });

  test('gets the same stage for the same subject once', async () => {
    const before = await openJobs(database);
    expect(await enqueue('post')).not.toBeNull();
    expect(await enqueue('post')).toBeNull();
    expect(await enqueue('another post')).not.toBeNull();
    expect([await stageRuns(), await openJobs(database)]).toEqual([2, before + 2]);
  });

  test('keeps one job of a stage run, at the time that was said last', async () => {
    const before = await openJobs(database);
    const enqueued = await enqueue('post');
    const stageRunId = enqueued?.id ?? '';
    const runAt = new Date(Date.now() + 60_000);
    await database.prisma.$transaction((tx) => addJob(tx, { stage: 'write', stageRunId, runAt }));
    expect(await openJobs(database)).toBe(before + 1);
    const rows = await database.prisma
      .$queryRaw`select run_at as "at" from graphile_worker.jobs where key = ${stageRunId}`;
    expect(z.array(z.object({ at: z.date() })).parse(rows)).toEqual([{ at: runAt }]);
  });

  test('loses the jobs of stage runs that will not run, and no others', async () => {
    const before = await openJobs(database);
    const [kept, removed] = [await enqueue('kept'), await enqueue('removed')];
    await database.prisma.$transaction((tx) => removeJobs(tx, [removed?.id ?? '', crypto.randomUUID()]));
    expect(await openJobs(database)).toBe(before + 1);
    expect(await jobOf(kept?.id ?? '')).toHaveLength(1);
    expect(await jobOf(removed?.id ?? '')).toEqual([]);
  });

  test('brings a stage that was begun before those that never were: who lost a worker has waited long enough', async () => {
    const [first, begun] = [await enqueue('first'), await enqueue('begun')];
    await database.prisma.$transaction((tx) => replaceJob(tx, { stage: 'write', stageRunId: begun?.id ?? '' }));
    const rows = await database.prisma
      .$queryRaw`select key from graphile_worker.jobs order by priority, run_at, id limit 1`;
    expect(rows).toEqual([{ key: begun?.id }]);
    await database.prisma.$transaction((tx) => removeJobs(tx, [first?.id ?? '', begun?.id ?? '']));
  });

  const jobOf = (key: string) =>
    database.prisma.$queryRaw`
      select task_identifier as task, payload from graphile_worker.jobs natural join
        (select id, payload from graphile_worker._private_jobs) own where key = ${key}`;
});
