import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Problem } from '#base/problem.ts';
import { runStage } from '#work/run-stage.ts';
import type { StageContext, StageWork } from '#work/stage.ts';
import { eventsOf, gapless, numbersOf, openJobs, stageLines } from '../support/run-rows.ts';
import { openTestRunner, type TestRunner } from '../support/stage-runner.ts';

type Work = StageWork['work'];

describe('the life of a stage', () => {
  let opened: TestRunner;

  beforeAll(async () => {
    opened = await openTestRunner();
  });
  afterAll(() => opened[Symbol.asyncDispose]());

  /** Seeds a run, lets its stage do this work once, and gives what became of it. */
  async function after(work: Work, more: { readonly stageRunId?: string } = {}) {
    const { runner, seed, database } = opened;
    const { runId, stageRunId } = await seed();
    await runStage(runner, { stage: 'ingest', work }, more.stageRunId ?? stageRunId);
    const row = await database.prisma.stageRun.findUniqueOrThrow({ where: { id: stageRunId } });
    const run = await database.prisma.run.findUniqueOrThrow({ where: { id: runId } });
    return { row, run, events: await eventsOf(database, runId) };
  }

  /** A commit that would be seen: it renames the upload. */
  const renaming =
    ({ run }: StageContext): Awaited<ReturnType<Work>> =>
    async (tx) => {
      await tx.upload.update({ where: { id: run.uploadId }, data: { title: 'committed' } });
      return [{ type: 'Clip', id: run.uploadId }];
    };
  const titleOf = async (uploadId: string): Promise<string> =>
    (await opened.database.prisma.upload.findUniqueOrThrow({ where: { id: uploadId } })).title;

  test('works in a folder of its own, which is gone when its rows are there', async () => {
    const seen: string[] = [];
    const { row, run, events } = await after(async (context) => {
      await writeFile(context.folder.file('big.mp4'), 'bytes');
      seen.push(context.folder.path);
      return renaming(context);
    });
    expect(row).toMatchObject({ status: 'SUCCEEDED', progress: 1, attempt: 1, attemptToken: null, workerId: null });
    expect(run).toMatchObject({ status: 'SUCCEEDED', progress: 1 });
    expect(await titleOf(run.uploadId)).toBe('committed');
    expect(seen[0]).toContain(opened.folder);
    expect(existsSync(seen[0] ?? opened.folder)).toBe(false);
    expect(stageLines(events)).toEqual(['ingest QUEUED 0', 'ingest RUNNING 1', 'ingest SUCCEEDED 1']);
    expect(numbersOf(events)).toEqual(gapless(events));
  });

  test('writes nothing when another worker took it over meanwhile', async () => {
    const { row, run, events } = await after(async (context) => {
      await takenOver(context);
      return renaming(context);
    });
    expect(row).toMatchObject({ status: 'RUNNING', workerId: 'worker-2' });
    expect(run.status).toBe('RUNNING');
    expect(await titleOf(run.uploadId)).toBe('Talk');
    expect(stageLines(events)).toEqual(['ingest QUEUED 0', 'ingest RUNNING 1']);
  });

  test('neither fails nor tells of progress when another worker took it over meanwhile', async () => {
    const { row, events } = await after(async (context) => {
      await takenOver(context);
      context.progress(0.5);
      throw new Problem('ENCODE_FAILED');
    });
    expect(row).toMatchObject({ status: 'RUNNING', workerId: 'worker-2', progress: 0, failure: null });
    expect(stageLines(events)).toEqual(['ingest QUEUED 0', 'ingest RUNNING 1']);
    expect(events.filter(({ data }) => data.kind === 'STAGE_PROGRESS')).toEqual([]);
  });

  test('is told to stop within two beats when its row was canceled', async () => {
    const { run, row } = await after(async (context) => {
      const where = { id: context.stageRunId };
      await opened.database.prisma.stageRun.update({ where, data: { status: 'CANCELED', attemptToken: null } });
      const canceledAt = performance.now();
      await abortOf(context.signal);
      expect(performance.now() - canceledAt).toBeLessThan(2_500);
      return renaming(context);
    });
    expect(row.status).toBe('CANCELED');
    expect(await titleOf(run.uploadId)).toBe('Talk');
  });

  test('leaves no row of a commit that broke off, and tries again', async () => {
    const { row, run } = await after(async (context) => async (tx) => {
      await renaming(context)(tx);
      throw new Error('the connection broke');
    });
    expect(row).toMatchObject({ status: 'WAITING', attempt: 1, failure: { code: 'INTERNAL', retryable: true } });
    expect(row.nextAttemptAt?.getTime()).toBeGreaterThan(row.heartbeatAt?.getTime() ?? Number.POSITIVE_INFINITY);
    expect(run.status).toBe('WAITING');
    expect(await titleOf(run.uploadId)).toBe('Talk');
  });

  test('does nothing for a stage that is gone or final', async () => {
    const began: string[] = [];
    const noting: Work = async ({ stageRunId }) => {
      began.push(stageRunId);
      return async () => [];
    };
    await after(noting, { stageRunId: crypto.randomUUID() });
    const { row } = await after(noting);
    await runStage(opened.runner, { stage: 'ingest', work: noting }, row.id);
    expect(began).toEqual([row.id]);
  });

  test('writes one event for each whole percent at most, whatever its work calls', async () => {
    const { events, row } = await after(async ({ progress }) => {
      const until = performance.now() + 700;
      for (let turn = 0; performance.now() < until; turn += 1) {
        progress((turn % 1_000) / 1_000);
        await opened.database.prisma.$queryRaw`select 1 as turn`;
      }
      return async () => [];
    });
    const percents = events.flatMap(({ data }) => (data.kind === 'STAGE_PROGRESS' ? [data.stageProgress] : []));
    expect(percents.length).toBeGreaterThan(0);
    expect(percents.length).toBeLessThanOrEqual(4);
    expect(percents).toEqual([...new Set(percents)].toSorted((a, b) => a - b));
    expect(percents.every((fraction) => Number.isInteger(Math.round(fraction * 1e6) / 1e4))).toBe(true);
    expect(row.progress).toBe(1);
  });

  test('gives its attempt back when the worker shuts down in the middle of it', async () => {
    await using closing = await openTestRunner();
    const { runner, seed, database, shutDown, folder } = closing;
    const { runId, stageRunId } = await seed();
    const stopped = runStage(
      runner,
      {
        stage: 'ingest',
        work: async ({ signal }) => {
          shutDown();
          await abortOf(signal);
          throw signal.reason;
        },
      },
      stageRunId,
    );
    await stopped;
    const row = await database.prisma.stageRun.findUniqueOrThrow({ where: { id: stageRunId } });
    expect(row).toMatchObject({ status: 'QUEUED', attempt: 0, attemptToken: null, heartbeatAt: null, failure: null });
    expect(await openJobs(database)).toBe(1);
    expect(await readdir(folder)).toEqual(['sources']);
    expect(stageLines(await eventsOf(database, runId))).toEqual([
      'ingest QUEUED 0',
      'ingest RUNNING 1',
      'ingest QUEUED 1',
    ]);
  });

  /** What another worker does with a lease that fell silent. */
  const takenOver = ({ stageRunId }: StageContext) =>
    opened.database.prisma.stageRun.update({
      where: { id: stageRunId },
      data: { attemptToken: crypto.randomUUID(), workerId: 'worker-2' },
    });
});

const abortOf = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
