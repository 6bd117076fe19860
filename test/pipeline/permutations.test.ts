import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Problem } from '#base/problem.ts';
import { cancelRun } from '#pipeline/cancel-run.ts';
import { probeOnly } from '#pipeline/recipe.ts';
import { retryRun } from '#pipeline/retry-run.ts';
import { insertRun } from '#pipeline/start-run.ts';
import { reclaimSilent } from '#work/reclaim.ts';
import { runStage } from '#work/run-stage.ts';
import type { StageWork } from '#work/stage.ts';
import { eventsOf, gapless, numbersOf, stageLines } from '../support/run-rows.ts';
import { seedUpload, tenantOf } from '../support/seed.ts';
import { openTestRunner, type TestRunner } from '../support/stage-runner.ts';
import { type Gate, gate, lockedRows, outcome, stepped, untilWaiting } from '../support/steps.ts';

// Two sessions of the database, stepped in a fixed order: one stands in the middle of its transaction, the other runs
// into it, the first goes on. Every test is one order.

let bench: TestRunner;
beforeAll(async () => {
  bench = await openTestRunner();
});
afterAll(() => bench[Symbol.asyncDispose]());

const models = { transcription: null, language: null };
const work = (stageRunId: string, body: StageWork['work'], failed?: StageWork['failed']) =>
  runStage(bench.runner, { stage: 'ingest', work: body, ...(failed && { failed }) }, stageRunId);

/** Work whose commit stands at the gate. */
const committing = (at: Gate) => async () => async () => {
  await at.pass();
  return [];
};

/** Work that stands at the gate before its commit. */
const working = (at: Gate) => async () => {
  await at.pass();
  return async () => [];
};

const cancel = (runId: string) => outcome(cancelRun(bench.runner.worker, runId));
const reclaim = () => reclaimSilent(bench.runner.worker, bench.runner.worker.log);

async function retry(runId: string, then = async () => {}): Promise<unknown> {
  const { userId: createdById } = await tenantOf(bench.database, 'analytical');
  return outcome(
    stepped(bench.database, async (tx) => {
      await retryRun(tx, { id: randomUUID(), runId, stageRunIds: null, createdById }, models);
      await then();
    }),
  );
}

const jobOf = (stageRunId: string) =>
  lockedRows(bench.database, 'select 1 from graphile_worker._private_jobs where key = $1', [stageRunId]);

async function jobIds(stageRunId: string): Promise<string[]> {
  const { rows } = await bench.database.pool.query<{ id: string }>(
    'select id::text from graphile_worker._private_jobs where key = $1',
    [stageRunId],
  );
  return rows.map(({ id }) => id);
}

/** A run as it stands, whose log must be whole and end with its one final event. */
async function standing(runId: string) {
  const { status, retries } = await bench.database.prisma.run.findUniqueOrThrow({
    where: { id: runId },
    select: { status: true, retries: { select: { status: true } } },
  });
  const events = await eventsOf(bench.database, runId);
  expect(numbersOf(events)).toEqual(gapless(events));
  const finals = events.filter(({ data }) => data.kind === 'RUN_STATUS' && data.isFinal);
  expect(finals.map(({ sequence }) => sequence)).toEqual(finals.length > 0 ? [events.length] : []);
  return { status, last: stageLines(events).at(-1), retries: retries.map((row) => row.status) };
}

describe('cancel and finish', () => {
  test('a cancel that meets the last commit is refused, and the run has succeeded', async () => {
    const { runId, stageRunId } = await bench.seed();
    const commit = gate();
    const finishing = work(stageRunId, committing(commit));
    await commit.reached;
    const canceling = cancel(runId);
    await untilWaiting(bench.database, 'from runs where id');
    commit.open();
    await finishing;
    expect(await canceling).toBe('INVALID_STATE');
    expect(await standing(runId)).toEqual({ status: 'SUCCEEDED', last: 'ingest SUCCEEDED 1', retries: [] });
  });

  test('a commit that meets a cancel writes nothing', async () => {
    const { runId, stageRunId } = await bench.seed();
    const commit = gate();
    const finishing = work(stageRunId, working(commit));
    await commit.reached;
    const goOn = await jobOf(stageRunId);
    const canceling = cancel(runId);
    await untilWaiting(bench.database, 'delete from graphile_worker');
    commit.open();
    await untilWaiting(bench.database, 'from runs where id');
    await goOn();
    expect(await canceling).toBe('done');
    await finishing;
    expect(await standing(runId)).toEqual({ status: 'CANCELED', last: 'ingest CANCELED 1', retries: [] });
    expect(await jobIds(stageRunId)).toEqual([]);
  });

  test('of two cancels the second is refused', async () => {
    const { runId, stageRunId } = await bench.seed();
    const goOn = await jobOf(stageRunId);
    const first = cancel(runId);
    await untilWaiting(bench.database, 'delete from graphile_worker');
    const second = cancel(runId);
    await untilWaiting(bench.database, 'from runs where id');
    await goOn();
    expect([await first, await second]).toEqual(['done', 'INVALID_STATE']);
    expect(await standing(runId)).toMatchObject({ status: 'CANCELED' });
  });
});

describe('retry and finish', () => {
  const broken = async () => {
    throw new Problem('MEDIA_CORRUPT');
  };

  test('a retry that meets the final failure waits for it and runs it again', async () => {
    const { runId, stageRunId } = await bench.seed();
    const failure = gate();
    const failing = work(stageRunId, broken, failure.pass);
    await failure.reached;
    const retrying = retry(runId);
    await untilWaiting(bench.database, 'from runs where id');
    failure.open();
    await failing;
    expect(await retrying).toBe('done');
    expect(await standing(runId)).toEqual({ status: 'FAILED', last: 'ingest FAILED 1', retries: ['QUEUED'] });
  });

  test('a retry that meets the last commit finds nothing to retry', async () => {
    const { runId, stageRunId } = await bench.seed();
    const commit = gate();
    const finishing = work(stageRunId, committing(commit));
    await commit.reached;
    const retrying = retry(runId);
    await untilWaiting(bench.database, 'from runs where id');
    commit.open();
    await finishing;
    expect(await retrying).toBe('INVALID_STATE');
    expect(await standing(runId)).toEqual({ status: 'SUCCEEDED', last: 'ingest SUCCEEDED 1', retries: [] });
  });

  test('of two retries at once one starts a run', async () => {
    const { runId, stageRunId } = await bench.seed();
    await work(stageRunId, broken);
    const first = gate();
    const retries = [retry(runId, first.pass)];
    await first.reached;
    retries.push(retry(runId));
    await untilWaiting(bench.database, 'from runs where id');
    first.open();
    expect(await Promise.all(retries)).toEqual(['done', 'INVALID_STATE']);
    expect(await standing(runId)).toMatchObject({ status: 'FAILED', retries: ['QUEUED'] });
  });
});

describe('the reaper and a slow worker', () => {
  /** From now on the worker counts as silent for long, though its stage still beats. */
  const fallSilent = () =>
    bench.database.prisma.worker.create({
      data: { id: bench.runner.workerId, queueIds: [], facts: {}, heartbeatAt: new Date(0) },
    });

  test('that commits meanwhile: its work stands and is not done again', async () => {
    const { runId, stageRunId } = await bench.seed();
    const before = await jobIds(stageRunId);
    const commit = gate();
    const finishing = work(stageRunId, committing(commit));
    await commit.reached;
    await fallSilent();
    const reclaiming = reclaim();
    await untilWaiting(bench.database, 'from runs where id');
    commit.open();
    await Promise.all([finishing, reclaiming]);
    expect(await standing(runId)).toEqual({ status: 'SUCCEEDED', last: 'ingest SUCCEEDED 1', retries: [] });
    expect(await jobIds(stageRunId)).toEqual(before);
  });

  test('that commits too late: nothing of it is written, and the stage waits for another', async () => {
    const { runId, stageRunId } = await bench.seed();
    const before = await jobIds(stageRunId);
    const commit = gate();
    const finishing = work(stageRunId, working(commit));
    await commit.reached;
    await fallSilent();
    const goOn = await jobOf(stageRunId);
    const reclaiming = reclaim();
    await untilWaiting(bench.database, 'delete from graphile_worker');
    commit.open();
    await untilWaiting(bench.database, 'from runs where id');
    await goOn();
    await Promise.all([finishing, reclaiming]);
    expect(await standing(runId)).toEqual({ status: 'RUNNING', last: 'ingest QUEUED 1', retries: [] });
    const after = await jobIds(stageRunId);
    expect(after).toHaveLength(1);
    expect(after).not.toEqual(before);
  });

  test('two reapers at once queue a lost stage once', async () => {
    const { runId, stageRunId } = await bench.seed();
    const lost = gate();
    const losing = work(stageRunId, working(lost));
    await lost.reached;
    await fallSilent();
    const goOn = await jobOf(stageRunId);
    const first = reclaim();
    await untilWaiting(bench.database, 'delete from graphile_worker');
    await fallSilent();
    const second = reclaim();
    await untilWaiting(bench.database, 'from runs where id');
    await goOn();
    await Promise.all([first, second]);
    lost.open();
    await losing;
    expect(stageLines(await eventsOf(bench.database, runId))).toEqual([
      'ingest QUEUED 0',
      'ingest RUNNING 1',
      'ingest QUEUED 1',
    ]);
    expect(await jobIds(stageRunId)).toHaveLength(1);
  });
});

describe('the quota and what is at its limit', () => {
  test('of two starts that both fit alone the second is refused', async () => {
    const { prisma } = bench.database;
    const { workspaceId, userId } = await tenantOf(bench.database, 'analytical');
    await prisma.workspace.update({ where: { id: workspaceId }, data: { plan: 'free' } });
    const recipe = { ...probeOnly, transcript: true };
    const start = async (then = async () => {}) => {
      const uploadId = await seedUpload(bench.database, { workspaceId, userId }, { durationMs: 70 * 60_000 });
      const run = { id: randomUUID(), workspaceId, uploadId, recipe, createdById: userId };
      return outcome(
        stepped(bench.database, async (tx) => {
          await insertRun(tx, run);
          await then();
        }),
      );
    };
    const held = gate();
    const starts = [start(held.pass)];
    await held.reached;
    starts.push(start());
    await untilWaiting(bench.database, 'insert into runs');
    held.open();
    expect(await Promise.all(starts)).toEqual(['done', 'QUOTA_EXCEEDED']);
    const reserved = await prisma.usageReservation.findMany({ select: { kind: true, quantity: true } });
    expect(reserved).toEqual([{ kind: 'MEDIA_MINUTES', quantity: 70n * 60_000n }]);
    await prisma.usageReservation.deleteMany();
  });

  test('a stage that reserves after its run was canceled holds nothing back', async () => {
    const { prisma } = bench.database;
    const { workspaceId } = await tenantOf(bench.database, 'analytical');
    await prisma.workspace.update({ where: { id: workspaceId }, data: { plan: 'free' } });
    const { runId, stageRunId } = await bench.seed();
    await prisma.upload.updateMany({ where: { runs: { some: { id: runId } } }, data: { durationMs: 60_000 } });
    await prisma.run.update({ where: { id: runId }, data: { recipe: { transcript: true } } });
    await prisma.stageRun.update({ where: { id: stageRunId }, data: { stage: 'transcribe' } });
    let spent = false;
    const spending: StageWork['work'] = async ({ reserve }) => {
      expect(await cancel(runId)).toBe('done');
      await reserve();
      spent = true;
      return async () => [];
    };
    await runStage(bench.runner, { stage: 'transcribe', work: spending }, stageRunId);
    expect(await prisma.usageReservation.count({ where: { runId } })).toBe(0);
    expect(spent, 'nothing is spent for it either').toBe(false);
    expect(await standing(runId)).toMatchObject({ status: 'CANCELED' });
  });
});
