import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Problem } from '#base/problem.ts';
import { takeLease } from '#work/lease.ts';
import { runStage } from '#work/run-stage.ts';
import type { StageContext, StageWork } from '#work/stage.ts';
import { type Line, openLine } from '../support/line.ts';
import { eventsOf, gapless, numbersOf, openJobs, stageLines } from '../support/run-rows.ts';
import { openTestRunner, type TestRunner } from '../support/stage-runner.ts';

type Work = StageWork['work'];

describe('a stage whose database goes away', () => {
  let line: Line;
  let opened: TestRunner;
  let runId: string;
  let stageRunId: string;

  beforeAll(async () => {
    opened = await openTestRunner(async (url) => {
      line = await openLine(url);
      return line;
    });
  });
  afterAll(() => opened[Symbol.asyncDispose]());
  beforeEach(async () => {
    await opened.database.pool.query('delete from graphile_worker._private_jobs');
    ({ runId, stageRunId } = await opened.seed());
  });

  const run = (work: Work) => runStage(opened.runner, { stage: 'ingest', work }, stageRunId);
  const row = () => opened.database.prisma.stageRun.findUniqueOrThrow({ where: { id: stageRunId } });
  const lines = async () => stageLines(await eventsOf(opened.database, runId));
  const titleOf = async (uploadId: string): Promise<string> =>
    (await opened.database.prisma.upload.findUniqueOrThrow({ where: { id: uploadId } })).title;

  /** A commit that would show if it were done twice: it makes the title longer. */
  const growing =
    ({ run: { uploadId } }: StageContext): Awaited<ReturnType<Work>> =>
    async (tx) => {
      const { title } = await tx.upload.findUniqueOrThrow({ where: { id: uploadId } });
      await tx.upload.update({ where: { id: uploadId }, data: { title: `${title}!` } });
      return [{ type: 'Clip', id: uploadId }];
    };
  /** The database is back when the worker has noticed. */
  const restart = async (): Promise<void> => {
    await line.cut();
    await opened.runner.worker.database.prisma.worker.count().catch(() => {});
    await line.mend();
  };

  test('just before its commit keeps what it made, in its first attempt', async () => {
    await run(async (context) => {
      await restart();
      return growing(context);
    });
    expect(await row()).toMatchObject({ status: 'SUCCEEDED', attempt: 1, failure: null });
    expect(await lines()).toEqual(['ingest QUEUED 0', 'ingest RUNNING 1', 'ingest SUCCEEDED 1']);
  });

  test('in the middle of its commit writes it once more, and once', async () => {
    let uploadId = '';
    let broken = false;
    await run(async (context) => {
      uploadId = context.run.uploadId;
      return async (tx) => {
        const ready = await growing(context)(tx);
        if (!broken) await restart();
        broken = true;
        return ready;
      };
    });
    expect(await row()).toMatchObject({ status: 'SUCCEEDED', attempt: 1 });
    expect(await titleOf(uploadId)).toBe('Talk!');
  });

  test('with the answer to its commit finds it written, and neither repeats it nor calls it failed', async () => {
    let uploadId = '';
    await run(async (context) => {
      uploadId = context.run.uploadId;
      return async (tx) => {
        line.loseAnswerOfCommit();
        return growing(context)(tx);
      };
    });
    expect(await row()).toMatchObject({ status: 'SUCCEEDED', attempt: 1, failure: null, errorFacts: null });
    expect(await titleOf(uploadId)).toBe('Talk!');
    const events = await eventsOf(opened.database, runId);
    expect(numbersOf(events)).toEqual(gapless(events));
    expect(events.filter(({ data }) => data.kind === 'ARTIFACT_READY')).toHaveLength(1);
  });

  test('with the answer to its lease has it, and no attempt is lost', async () => {
    line.loseAnswerOfCommit();
    const lease = await takeLease(opened.runner.worker, stageRunId, 'worker-1');
    expect(lease).toMatchObject({ id: stageRunId, attempt: 1 });
    expect(await row()).toMatchObject({ status: 'RUNNING', attempt: 1, attemptToken: lease?.token });
    expect(await lines()).toEqual(['ingest QUEUED 0', 'ingest RUNNING 1']);
  });

  test('while it reads from it begins anew, and the attempt does not count', async () => {
    await run(async ({ worker }) => {
      await line.cut();
      try {
        await worker.database.prisma.workspace.findMany();
      } finally {
        await line.mend();
      }
      return async () => [];
    });
    expect(await row()).toMatchObject({ status: 'QUEUED', attempt: 0, failure: null, attemptToken: null });
    expect(await openJobs(opened.database)).toBe(1);
  });

  test('as it fails has its failure written when it is back', async () => {
    await run(async () => {
      await restart();
      throw new Problem('ENCODE_FAILED');
    });
    expect(await row()).toMatchObject({ status: 'FAILED', attempt: 1, failure: { code: 'ENCODE_FAILED' } });
  });
});
