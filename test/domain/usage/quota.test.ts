import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { globalId } from '#base/global-id.ts';
import { graphql } from '#generated/client/gql.ts';
import { announce, type House, openHouse } from '../../support/house.ts';
import { jobCount } from '../../support/queue.ts';
import { seedUpload, type Tenant, tenantOf } from '../../support/seed.ts';
import { writeUse } from '../../support/usage.ts';

const startDocument = graphql(`
  mutation StartWithinPlan($input: StartRunInput!) {
    startRun(input: $input) {
      run { id }
      errors {
        __typename
        code
        message
        ... on QuotaError { meter { kind unit used reserved limit } resetsAt }
      }
    }
  }
`);

const stopDocument = graphql(`
  mutation StopWithinPlan($input: CancelRunInput!) { cancelRun(input: $input) { errors { code } } }
`);

const usageDocument = graphql(`
  query UsageOfWorkspace($id: ID!, $month: String) {
    workspace(by: { id: $id }) {
      usage(month: $month) { plan periodStart periodEnd meters { kind unit used reserved limit } }
    }
  }
`);

const minute = 60_000;
let house: House;
let tenant: Tenant;

beforeAll(async () => {
  house = await openHouse({ worker: false, env: { DEFAULT_PLAN: 'free' } });
  tenant = await tenantOf(house.database, 'analytical');
});
afterAll(() => house[Symbol.asyncDispose]());

beforeEach(async () => {
  const { prisma } = house.database;
  await prisma.upload.deleteMany();
  await prisma.usageEntry.deleteMany();
  await prisma.idempotencyKey.deleteMany();
  await prisma.workspaceActivity.deleteMany();
  await house.database.pool.query('delete from graphile_worker._private_jobs');
});

/** Starts a transcription of a recording of 30 minutes. */
async function start(durationMs = 30 * minute) {
  const uploadId = globalId('Upload', await seedUpload(house.database, tenant, { durationMs }));
  const input = { uploadId, recipe: { transcript: true }, idempotencyKey: crypto.randomUUID() };
  const { data } = await house.send(startDocument, { input });
  return data.startRun ?? { run: null, errors: [] };
}

async function meter(kind: string, month: string | null = null) {
  const { data } = await house.send(usageDocument, { id: house.workspaceId, month });
  return data.workspace?.usage.meters.find((one) => one.kind === kind);
}

const use = (unit: 'AUDIO_MS' | 'STORED_BYTES' | 'UPLOADS', quantity: number, at?: Date) =>
  writeUse(house.database, tenant.workspaceId, { unit, quantity, ...(at && { at }) });

const rows = async () => {
  const { prisma } = house.database;
  return {
    runs: await prisma.run.count(),
    stageRuns: await prisma.stageRun.count(),
    reservations: await prisma.usageReservation.count(),
    keys: await prisma.idempotencyKey.count(),
    activities: await prisma.workspaceActivity.count(),
    jobs: await jobCount(house.database),
  };
};

describe('a run that may use more than the plan has left', () => {
  test('is refused with what is left and until when, before anything is written', async () => {
    await use('AUDIO_MS', 100 * minute);
    const before = await rows();
    expect(await start()).toEqual({
      run: null,
      errors: [
        {
          __typename: 'QuotaError',
          code: 'QUOTA_EXCEEDED',
          message: 'The plan allows 120 minutes a month; 100 are used, 0 reserved, and this would take 30.',
          meter: { kind: 'MEDIA_MINUTES', unit: 'minutes', used: 100, reserved: 0, limit: 120 },
          resetsAt: expect.stringMatching(/-01T00:00:00\.000Z$/),
        },
      ],
    });
    expect(await rows()).toEqual(before);
  });

  test('is started in a plan without limits, which reserves nothing', async () => {
    const { prisma } = house.database;
    await use('AUDIO_MS', 1_000 * minute);
    await prisma.workspace.update({ where: { id: tenant.workspaceId }, data: { plan: 'unlimited' } });
    expect(await start()).toMatchObject({ run: { id: expect.any(String) }, errors: [] });
    expect(await prisma.usageReservation.count()).toBe(0);
    await prisma.workspace.update({ where: { id: tenant.workspaceId }, data: { plan: 'free' } });
  });

  test('of ten that start at once for the last place, one gets it', async () => {
    await use('AUDIO_MS', 80 * minute);
    const started = await Promise.all(Array.from({ length: 10 }, () => start()));
    expect(started.filter(({ run }) => run)).toHaveLength(1);
    expect(started.flatMap(({ errors }) => errors.map(({ code }) => code))).toEqual(Array(9).fill('QUOTA_EXCEEDED'));
    expect(await meter('MEDIA_MINUTES')).toMatchObject({ used: 80, reserved: 30, limit: 120 });
    expect(await rows()).toMatchObject({ runs: 1, stageRuns: 1, jobs: 1 });
  });
});

test('bytes that were refused take their place until they are removed', async () => {
  const { prisma, pool } = house.database;
  const id = await seedUpload(house.database, tenant);
  await prisma.upload.update({ where: { id }, data: { status: 'REJECTED', announcedBytes: 4_000_000_000 } });
  expect(await meter('STORED_BYTES')).toMatchObject({ reserved: 4_000_000_000 });
  expect(await meter('UPLOADS')).toMatchObject({ reserved: 0 });
  await pool.query(`update uploads set updated_at = now() - interval '25 hours' where id = $1`, [id]);
  expect(await meter('STORED_BYTES')).toMatchObject({ reserved: 0 });
});

describe('what a run reserved', () => {
  test('is free again when it is canceled', async () => {
    await use('AUDIO_MS', 80 * minute);
    const { run } = await start();
    expect((await start()).errors).toHaveLength(1);
    await house.send(stopDocument, { input: { runId: run?.id ?? '' } });
    expect(await meter('MEDIA_MINUTES')).toMatchObject({ reserved: 0 });
    expect((await start()).errors).toEqual([]);
  });

  test('of a recording that has its transcript is nothing for hearing it', async () => {
    await use('AUDIO_MS', 110 * minute);
    const upload = await seedUpload(house.database, tenant, { durationMs: 30 * minute });
    await house.database.prisma.transcript.create({
      data: {
        workspaceId: tenant.workspaceId,
        uploadId: upload,
        language: 'en',
        wordCount: 1,
        wordTiming: 'MEASURED',
        provider: 'captions',
        artifactKey: 'known',
      },
    });
    const again = { uploadId: globalId('Upload', upload), recipe: { transcript: true } };
    const asked = await house.send(startDocument, { input: { ...again, idempotencyKey: crypto.randomUUID() } });
    expect(asked.data.startRun?.errors).toEqual([]);
    const fresh = { ...again, fresh: true, idempotencyKey: crypto.randomUUID() };
    const refused = await house.send(startDocument, { input: fresh });
    expect(refused.data.startRun?.errors).toMatchObject([{ code: 'QUOTA_EXCEEDED' }]);
  });
});

describe('an upload', () => {
  test('holds its place and its bytes from its first announcement, until it expires', async () => {
    const bytes = new Uint8Array(10);
    const made = await Promise.all(Array.from({ length: 8 }, () => announce(house, bytes)));
    expect(made.filter(({ upload }) => upload)).toHaveLength(5);
    expect(made.flatMap(({ errors }) => errors.map(({ code }) => code))).toEqual(Array(3).fill('QUOTA_EXCEEDED'));
    expect(await meter('UPLOADS')).toMatchObject({ used: 0, reserved: 5, limit: 5 });
    expect(await meter('STORED_BYTES')).toMatchObject({ used: 0, reserved: 50 });
    const first = await house.database.prisma.upload.findFirstOrThrow();
    await house.database.prisma.upload.update({ where: { id: first.id }, data: { status: 'EXPIRED' } });
    expect((await announce(house, bytes)).errors).toEqual([]);
  });

  test('larger than the room that is left is refused, and no month brings that room back', async () => {
    await use('STORED_BYTES', 4_999_999_995);
    await use('STORED_BYTES', -10, new Date('2020-01-01'));
    expect((await announce(house, new Uint8Array(16))).errors).toMatchObject([{ code: 'QUOTA_EXCEEDED' }]);
    expect((await announce(house, new Uint8Array(15))).errors).toEqual([]);
  });
});

describe('a month', () => {
  test('starts with nothing used, and can be asked for later', async () => {
    const now = new Date();
    const last = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1) - 1);
    await use('AUDIO_MS', 119 * minute, last);
    await use('STORED_BYTES', 7, last);
    expect((await start()).errors).toEqual([]);
    const month = last.toISOString().slice(0, 7);
    expect(await meter('MEDIA_MINUTES')).toMatchObject({ used: 0, reserved: 30 });
    expect(await meter('MEDIA_MINUTES', month)).toMatchObject({ used: 119, reserved: 0 });
    expect(await meter('STORED_BYTES')).toMatchObject({ used: 7 });
  });

  test.each(['2026-13', '26-1', 'yesterday', ''])('that is none (%j) is refused', async (month) => {
    const { errors } = await house.send(usageDocument, { id: house.workspaceId, month });
    expect(errors).toMatchObject([{ path: ['workspace', 'usage'], extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});

test('a workspace is warned once a month that a plan comes to its end', async () => {
  const warned = () => house.database.prisma.workspaceActivity.count({ where: { kind: 'USAGE_WARNING' } });
  await use('AUDIO_MS', 60 * minute);
  await start();
  expect(await warned()).toBe(0);
  await use('AUDIO_MS', 5 * minute);
  await start(2 * minute);
  expect(await warned()).toBe(1);
  await start(2 * minute);
  expect(await warned()).toBe(1);
});
