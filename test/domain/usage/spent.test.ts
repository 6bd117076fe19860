import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { envFrom } from '#base/env.ts';
import { globalId } from '#base/global-id.ts';
import { openLog } from '#base/log.ts';
import { graphql } from '#generated/client/gql.ts';
import { changeRun } from '#pipeline/change-run.ts';
import { openWaker } from '#pipeline/wake.ts';
import { charged } from '#work/charge-stage.ts';
import { sweepModelCalls } from '#work/forget-calls.ts';
import { type Lease, takeLease } from '#work/lease.ts';
import { openModelCalls } from '#work/model-calls.ts';
import { endStage } from '#work/stage-end.ts';
import { type House, openHouse } from '../../support/house.ts';
import { seedUpload, type Tenant, tenantOf } from '../../support/seed.ts';
import { rowIdOf } from '../../support/talk-run.ts';
import { writeUse } from '../../support/usage.ts';

const startDocument = graphql(`
  mutation StartAndSpend($input: StartRunInput!) {
    startRun(input: $input) {
      run { id }
      errors { __typename code ... on QuotaError { meter { kind used reserved limit } } }
    }
  }
`);

const stopDocument = graphql(`
  mutation StopSpending($input: CancelRunInput!) { cancelRun(input: $input) { errors { code } } }
`);

const deleteDocument = graphql(`
  mutation DeleteTheSpent($input: DeleteUploadInput!) { deleteUpload(input: $input) { errors { code } } }
`);

const usageDocument = graphql(`
  query UsageOfSpent($id: ID!) {
    workspace(by: { id: $id }) { usage { meters { kind used reserved } } }
  }
`);

const minute = 60_000;
let house: House;
let tenant: Tenant;
let worker: Parameters<typeof takeLease>[0] & Parameters<typeof openModelCalls>[0];
const cleanup = new AsyncDisposableStack();

beforeAll(async () => {
  house = cleanup.use(await openHouse({ worker: false, env: { DEFAULT_PLAN: 'free' } }));
  tenant = await tenantOf(house.database, 'analytical');
  const log = openLog('silent');
  worker = { database: house.database, env: envFrom({}), log, wake: cleanup.use(openWaker(house.database.pool, log)) };
});
afterAll(() => cleanup.disposeAsync());

beforeEach(async () => {
  await house.database.prisma.upload.deleteMany();
  await house.database.prisma.usageEntry.deleteMany();
  await house.database.pool.query('delete from graphile_worker._private_jobs');
});

/** Starts a transcription of a recording of 30 minutes, as one that asks its models again. */
async function start(upload?: string) {
  const id = upload ?? (await seedUpload(house.database, tenant, { durationMs: 30 * minute }));
  const uploadId = globalId('Upload', id);
  const recipe = { transcript: true };
  const input = { uploadId, recipe, fresh: true, idempotencyKey: crypto.randomUUID() };
  const { data } = await house.send(startDocument, { input });
  return { uploadId, runId: data.startRun?.run?.id ?? '', errors: data.startRun?.errors ?? [] };
}

/** A worker takes the run's stage up and is answered, after `meanwhile`; it does not come to the commit. */
async function spend(runId: string, question: string = crypto.randomUUID(), meanwhile?: () => Promise<unknown>) {
  const { id } = await house.database.prisma.stageRun.findFirstOrThrow({ where: { runId: rowIdOf(runId) } });
  const held = await takeLease(worker, id, 'worker-1');
  if (!held) throw new Error('the stage was not free');
  // Asked under one key, as by a run and the retry of it.
  const lease: Lease = { ...held, run: { ...held.run, recipe: { ...held.run.recipe, fresh: null } } };
  const calls = openModelCalls(worker, lease);
  const read = (answer: unknown) => z.string().parse(answer);
  const call = { purpose: 'test', model: 'whisper-1', version: '1', input: question, read };
  await calls.answer(call, async () => {
    await meanwhile?.();
    return { answer: 'heard', consumed: { AUDIO_MS: 30 * minute } };
  });
  return { lease, calls };
}

type Started = Pick<Awaited<ReturnType<typeof start>>, 'runId' | 'uploadId'>;

const commit = ({ lease, calls }: Awaited<ReturnType<typeof spend>>) =>
  changeRun(worker, { runId: lease.run.id, cause: `${lease.token}:end` }, async (change) => {
    await endStage(change, lease, { status: 'SUCCEEDED', progress: 1, failure: null });
    await charged(async () => [], { lease, calls })(change.tx);
  });

const stop = (runId: string) => house.send(stopDocument, { input: { runId } });

async function minutes() {
  const { data } = await house.send(usageDocument, { id: house.workspaceId });
  return data.workspace?.usage.meters.find(({ kind }) => kind === 'MEDIA_MINUTES');
}

const use = (quantity: number) =>
  writeUse(house.database, tenant.workspaceId, { unit: 'AUDIO_MS', quantity: quantity * minute });

const refusal = (used: number) => [
  { __typename: 'QuotaError', code: 'QUOTA_EXCEEDED', meter: { kind: 'MEDIA_MINUTES', used, reserved: 0, limit: 120 } },
];

describe('what models were paid for work that came to no end', () => {
  test('counts once its run is canceled, so that no loop of starting and canceling goes on for long', async () => {
    await use(80);
    const { runId } = await start();
    await spend(runId);
    expect(await minutes(), 'in flight it is what was reserved').toMatchObject({ used: 80, reserved: 30 });
    await stop(runId);
    expect(await minutes()).toMatchObject({ used: 110, reserved: 0 });
    expect((await start()).errors).toEqual(refusal(110));
  });

  test('costs nothing', async () => {
    const { runId } = await start();
    await spend(runId);
    await stop(runId);
    expect(await house.database.prisma.usageEntry.count()).toBe(0);
  });

  test.each([
    ['in flight', async () => {}],
    ['canceled', stop],
  ])('still counts when its upload is deleted while the run is %s', async (_state, end) => {
    await use(80);
    const { runId, uploadId } = await start();
    await spend(runId);
    await end(runId);
    const answers = await house.send(deleteDocument, { input: { uploadId } });
    expect(answers.data.deleteUpload?.errors).toEqual([]);
    expect(await house.database.prisma.modelCall.count()).toBe(0);
    expect(await minutes()).toMatchObject({ used: 110, reserved: 0 });
    expect((await start()).errors).toEqual(refusal(110));
  });

  test('still counts, in its month and for nothing, when its answer is forgotten', async () => {
    const { prisma } = house.database;
    const { runId } = await start();
    await spend(runId);
    await stop(runId);
    const { id, createdAt } = await prisma.modelCall.findFirstOrThrow();
    await prisma.modelCall.update({ where: { id }, data: { expiresAt: new Date(0) } });
    expect(await sweepModelCalls(prisma, { MODEL_CALL_MAX_BYTES: 1_000 }, new Date())).toBe(1);
    const entries = await prisma.usageEntry.findMany();
    const nothing = { costMicros: 0n, priceMicrosPerMillion: 0n, runId: null, stageRunId: null };
    expect(entries).toMatchObject([{ dedupeKey: `call:${id}:AUDIO_MS`, quantity: 1_800_000n, createdAt, ...nothing }]);
    expect(await minutes()).toMatchObject({ used: 30 });
  });

  test('still counts when its answer had expired and was asked for again', async () => {
    const { prisma } = house.database;
    const first = await start();
    await spend(first.runId, 'asked twice');
    await stop(first.runId);
    await prisma.modelCall.updateMany({ data: { expiresAt: new Date(0) } });
    await commit(await spend((await start()).runId, 'asked twice'));
    expect(await minutes()).toMatchObject({ used: 60, reserved: 0 });
  });

  test.each([
    ['canceled', ({ runId }: Started) => stop(runId)],
    ['gone with its upload', ({ uploadId }: Started) => house.send(deleteDocument, { input: { uploadId } })],
  ])('counts when the answer comes while the run is %s', async (_state, end) => {
    await use(80);
    const started = await start();
    const late = spend(started.runId, crypto.randomUUID(), () => end(started));
    await expect(late).rejects.toMatchObject({ code: 'CANCELED' });
    expect(await house.database.prisma.modelCall.count()).toBe(0);
    expect(await minutes()).toMatchObject({ used: 110, reserved: 0 });
    expect((await start()).errors).toEqual(refusal(110));
  });

  test('counts once and is charged once when a later run brings it to its end', async () => {
    const { prisma } = house.database;
    const first = await start();
    await spend(first.runId, 'asked by both');
    await stop(first.runId);
    const again = await start(rowIdOf(first.uploadId));
    const work = await spend(again.runId, 'asked by both');
    expect(await prisma.modelCall.count()).toBe(1);
    await commit(work);
    expect(await minutes()).toMatchObject({ used: 30, reserved: 0 });
    const entry = { unit: 'AUDIO_MS', quantity: 1_800_000n, costMicros: 180_000n, runId: rowIdOf(again.runId) };
    expect(await prisma.usageEntry.findMany()).toMatchObject([entry]);
    await house.send(deleteDocument, { input: { uploadId: first.uploadId } });
    expect(await prisma.usageEntry.findMany()).toMatchObject([{ quantity: 1_800_000n, costMicros: 180_000n }]);
    expect(await minutes()).toMatchObject({ used: 30, reserved: 0 });
  });
});
