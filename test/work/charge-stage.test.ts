import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Problem } from '#base/problem.ts';
import type { ModelCalls } from '#providers/model-calls.ts';
import { charged } from '#work/charge-stage.ts';
import { takeLease } from '#work/lease.ts';
import { openModelCalls } from '#work/model-calls.ts';
import { runStage } from '#work/run-stage.ts';
import type { StageContext, StageWork } from '#work/stage.ts';
import { commitStage } from '#work/stage-end.ts';
import { openTestRunner, type TestRunner } from '../support/stage-runner.ts';
import { writeUse } from '../support/usage.ts';

let opened: TestRunner;

beforeAll(async () => {
  opened = await openTestRunner();
});
afterAll(() => opened[Symbol.asyncDispose]());

/** Asks a model this, at 0.4 and 1.6 dollars for a million tokens. */
const ask = (calls: ModelCalls, question: string): Promise<string> =>
  calls.answer(
    {
      purpose: 'test',
      model: 'gpt-4.1-mini',
      version: '1',
      input: question,
      read: (answer) => z.string().parse(answer),
    },
    async () => ({ answer: question.toUpperCase(), consumed: { INPUT_TOKENS: 1_000, OUTPUT_TOKENS: 500 } }),
  );

const entriesOf = (stageRunId: string) =>
  opened.database.prisma.usageEntry.findMany({
    where: { stageRunId },
    select: { unit: true, quantity: true, costMicros: true },
    orderBy: { unit: 'asc' },
  });

const price = [
  { unit: 'INPUT_TOKENS', quantity: 1_000n, costMicros: 400n },
  { unit: 'OUTPUT_TOKENS', quantity: 500n, costMicros: 800n },
];

const run = (stageRunId: string, work: StageWork['work']) =>
  runStage(opened.runner, { stage: 'ingest', work }, stageRunId);

describe('a model call', () => {
  test('is charged at the commit of the work that used it', async () => {
    const { stageRunId } = await opened.seed();
    await run(stageRunId, async ({ calls }) => {
      await ask(calls, 'what was said');
      expect(await entriesOf(stageRunId)).toEqual([]);
      return async () => [];
    });
    expect(await entriesOf(stageRunId)).toEqual(price);
  });

  test('is charged once when the commit is repeated because its answer was lost', async () => {
    const { stageRunId } = await opened.seed();
    const { worker, works } = opened.runner;
    const lease = await takeLease(worker, stageRunId, 'worker-1');
    if (!lease) throw new Error('the stage was not free');
    const calls = openModelCalls(worker, lease);
    await ask(calls, 'asked before the answer was lost');
    const commit = charged(async () => [], { lease, calls });
    expect(await commitStage(worker, { lease, works }, commit)).toBe(true);
    expect(await commitStage(worker, { lease, works }, commit)).toBe(true);
    expect(await entriesOf(stageRunId)).toEqual(price);
  });

  test('of an attempt that failed is charged to the next one, which uses its answer', async () => {
    const { stageRunId } = await opened.seed();
    const { prisma } = opened.database;
    await run(stageRunId, async ({ calls }) => {
      await ask(calls, 'asked before the fall');
      throw new Problem('PROVIDER_UNAVAILABLE', { provider: 'test' });
    });
    const due = { where: { id: stageRunId }, data: { nextAttemptAt: null } };
    expect(await prisma.stageRun.update(due)).toMatchObject({ status: 'WAITING' });
    expect(await entriesOf(stageRunId)).toEqual([]);
    await run(stageRunId, async ({ calls }) => {
      await ask(calls, 'asked before the fall');
      return async () => [];
    });
    expect(await entriesOf(stageRunId)).toEqual(price);
  });

  test('that another run paid for costs nothing, and one whose work failed costs nobody', async () => {
    const [first, second, third] = [await opened.seed(), await opened.seed(), await opened.seed()];
    const paying: StageWork['work'] = async ({ calls }) => {
      await ask(calls, 'asked by two');
      return async () => [];
    };
    await run(first.stageRunId, paying);
    await run(second.stageRunId, paying);
    await run(third.stageRunId, async ({ calls }) => {
      await ask(calls, 'asked for nothing');
      throw new Problem('MEDIA_NO_SPEECH');
    });
    expect(await entriesOf(first.stageRunId)).toEqual(price);
    expect(await entriesOf(second.stageRunId)).toEqual([]);
    expect(await entriesOf(third.stageRunId)).toEqual([]);
  });

  test('of a worker that was given up is not charged to it', async () => {
    const { stageRunId } = await opened.seed();
    await run(stageRunId, async ({ calls }) => {
      await ask(calls, 'asked by a zombie');
      await opened.database.prisma.stageRun.update({
        where: { id: stageRunId },
        data: { attemptToken: crypto.randomUUID(), workerId: 'worker-2' },
      });
      return async () => [];
    });
    expect(await entriesOf(stageRunId)).toEqual([]);
  });
});

describe('before a stage spends', () => {
  /** What a transcription of an hour does, as a run's first stage. */
  const hearing = async ({ reserve, calls }: StageContext, spent: string[]) => {
    await Promise.all([reserve(), reserve()]);
    spent.push(await ask(calls, crypto.randomUUID()));
    return async () => [];
  };

  async function heardUnder(plan: string, usedMs: number) {
    const { prisma } = opened.database;
    const { runId, stageRunId } = await opened.seed();
    const { workspaceId, uploadId } = await prisma.run.findUniqueOrThrow({ where: { id: runId } });
    await prisma.workspace.update({ where: { id: workspaceId }, data: { plan } });
    await prisma.upload.update({ where: { id: uploadId }, data: { durationMs: 3_600_000, status: 'READY' } });
    const recipe = { transcript: true };
    await prisma.run.update({ where: { id: runId }, data: { recipe } });
    await prisma.stageRun.update({ where: { id: stageRunId }, data: { stage: 'transcribe' } });
    await prisma.usageEntry.deleteMany({ where: { unit: 'AUDIO_MS' } });
    await writeUse(opened.database, workspaceId, { unit: 'AUDIO_MS', quantity: usedMs });
    const spent: string[] = [];
    const seen: unknown[] = [];
    const work: StageWork['work'] = async (context) => {
      const commit = await hearing(context, spent);
      seen.push(
        ...(await prisma.usageReservation.findMany({ where: { runId }, select: { kind: true, quantity: true } })),
      );
      return commit;
    };
    await runStage(opened.runner, { stage: 'transcribe', work }, stageRunId);
    const row = await prisma.stageRun.findUniqueOrThrow({ where: { id: stageRunId } });
    const left = await prisma.usageReservation.count({ where: { runId } });
    return { status: row.status, failure: row.failure, spent: spent.length, seen, left };
  }

  test('its worker reserves what was not known when the run started, and settles it at the commit', async () => {
    const heard = await heardUnder('free', 0);
    expect(heard).toMatchObject({ status: 'SUCCEEDED', spent: 1, left: 0 });
    expect(heard.seen).toEqual([{ kind: 'MEDIA_MINUTES', quantity: 3_600_000n }]);
  });

  test('a plan that has not enough left ends it, and nothing is spent', async () => {
    const heard = await heardUnder('free', 61 * 60_000);
    expect(heard).toMatchObject({ status: 'FAILED', failure: { code: 'QUOTA_EXCEEDED', retryable: false } });
    expect(heard).toMatchObject({ spent: 0, left: 0 });
  });

  test('a plan without limits reserves nothing', async () => {
    expect(await heardUnder('unlimited', 1e12)).toMatchObject({ status: 'SUCCEEDED', spent: 1, seen: [] });
  });
});
