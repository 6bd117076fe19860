import { afterAll, beforeAll, expect, test } from 'vitest';
import { remakeCaptions } from '#domain/clips/remake-captions.ts';
import { deleteUpload } from '#domain/erasure/delete-upload.ts';
import { openFeed } from '#feed/feed.ts';
import type { Api, Viewer } from '#graph/context.ts';
import { openRateLimits } from '#graph/rate-limits.ts';
import { erase } from '#retention/erase.ts';
import { seedTalk } from '../../support/edited-talk.ts';
import { objectsIn } from '../../support/runtime.ts';
import { type Tenant, tenantOf } from '../../support/seed.ts';
import { openTestRunner, type TestRunner } from '../../support/stage-runner.ts';
import { gate, outcome, untilWaiting } from '../../support/steps.ts';

let bench: TestRunner;
let api: Api & AsyncDisposable;
let tenant: Tenant;
let viewer: Viewer;
beforeAll(async () => {
  bench = await openTestRunner();
  const { env, log, database, storage, wake } = bench.runner.worker;
  const feed = await openFeed(database.url, log);
  const rates = openRateLimits({ RATE_LIMITS: 'off', REDIS_URL: undefined }, database.url, log);
  api = { env, log, database, storage, wake, feed, rates, [Symbol.asyncDispose]: () => feed[Symbol.asyncDispose]() };
  tenant = await tenantOf(database, 'analytical');
  viewer = { userId: tenant.userId, roles: new Map([[tenant.workspaceId, 'OWNER']]), admin: false, key: null };
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  await bench[Symbol.asyncDispose]();
});

const calm = new AbortController().signal;

/** What lies in storage of an upload. */
const objectsOf = (uploadId: string): Promise<string[]> => objectsIn(api.storage, `${tenant.workspaceId}/${uploadId}`);

/** Does the looks of all erasures that wait. */
async function looked(): Promise<void> {
  const { rows } = await bench.database.pool.query<{ payload: unknown }>(
    `select j.payload from graphile_worker._private_jobs j where j.key like 'erase:%'`,
  );
  for (const { payload } of rows) await erase(api, payload);
}

test('caption files that are being made while their upload is erased are gone with it', async () => {
  const talk = await seedTalk(bench.database, tenant);
  const put = gate();
  const { storage, ...worker } = bench.runner.worker;
  const slow: typeof storage = {
    ...storage,
    putFile: async (...object) => {
      await put.pass();
      return storage.putFile(...object);
    },
  };
  const making = remakeCaptions({ ...worker, storage: slow }, { transcriptId: talk.transcriptId }, calm);
  await put.reached;
  const deleting = outcome(deleteUpload({ uploadId: talk.uploadId }, viewer, api));
  await untilWaiting(bench.database, 'from uploads where id');
  put.open();
  await making;
  expect(await deleting).toBe('done');
  await looked();
  expect(await objectsOf(talk.uploadId)).toEqual([]);
  await looked();
  expect(await bench.database.prisma.erasureReceipt.findFirst({ where: { subjectId: talk.uploadId } })).toMatchObject({
    completedAt: expect.any(Date),
  });
});

test('of an upload that is gone no caption files are made', async () => {
  const talk = await seedTalk(bench.database, tenant);
  await deleteUpload({ uploadId: talk.uploadId }, viewer, api);
  await remakeCaptions(bench.runner.worker, { transcriptId: talk.transcriptId }, calm);
  expect(await objectsOf(talk.uploadId)).toEqual([]);
});

test('captions are made of a transcript and of its clips, each once', async () => {
  const talk = await seedTalk(bench.database, tenant);
  await remakeCaptions(bench.runner.worker, { transcriptId: talk.transcriptId }, calm);
  const made = await objectsOf(talk.uploadId);
  expect(made.length).toBeGreaterThan(0);
  const { transcriptId, clipId, otherClipId } = talk;
  const owners = { OR: [{ transcriptId }, { clipId: { in: [clipId, otherClipId] } }] };
  expect(await bench.database.prisma.captionFile.count({ where: owners })).toBe(9);
  await remakeCaptions(bench.runner.worker, { transcriptId }, calm);
  expect(await objectsOf(talk.uploadId)).toEqual(made);
});
