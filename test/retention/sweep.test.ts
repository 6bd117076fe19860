import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { RetentionClass } from '#generated/prisma/enums.ts';
import { sweep } from '#retention/sweep.ts';
import type { Runtime } from '#runtime.ts';
import { type StoredArtifact, saveArtifact } from '#work/artifacts.ts';
import { objectsIn, openTestRuntime, putObject } from '../support/runtime.ts';
import { seedDerived, seedRun, seedTenant, seedUpload, type Tenant } from '../support/seed.ts';

const hours = (count: number): Date => new Date(Date.now() + count * 60 * 60 * 1000);
const days = (count: number): Date => hours(24 * count);

/** An upload with a run that ended, in a workspace of this plan. */
async function seeded(runtime: Runtime, plan: string) {
  const { database } = runtime;
  const tenant = await seedTenant(database, `org-${randomUUID()}`);
  await database.prisma.workspace.update({ where: { id: tenant.workspaceId }, data: { plan } });
  return { tenant, ...(await uploadWithRun(runtime, tenant)) };
}

async function uploadWithRun({ database }: Runtime, tenant: Tenant) {
  const uploadId = await seedUpload(database, tenant);
  const runId = await seedRun(database, tenant, uploadId);
  const finish = () =>
    database.prisma.run.update({ where: { id: runId }, data: { status: 'SUCCEEDED', finishedAt: new Date() } });
  await finish();
  return { uploadId, runId };
}

/** An artifact with its bytes, written as a stage's commit does. */
async function stored(
  { database, storage }: Runtime,
  { tenant, uploadId, runId }: { tenant: Tenant; uploadId: string; runId: string },
  retention: RetentionClass,
): Promise<{ id: string; object: string }> {
  const { workspaceId } = tenant;
  const artifactKey = randomUUID();
  const bucket = retention === 'SOURCE' ? 'uploads' : 'clips';
  const storageKey = `${workspaceId}/${uploadId}/made/${artifactKey}.mp4`;
  await putObject(storage, { bucket, key: storageKey });
  const stageRun = await database.prisma.stageRun.findFirstOrThrow({ where: { runId } });
  const artifact: StoredArtifact = {
    workspaceId,
    uploadId,
    runId,
    stageRunId: stageRun.id,
    artifactKey,
    bucket,
    storageKey,
    contentType: 'video/mp4',
    sizeBytes: 5,
    sha256: 'a'.repeat(64),
    media: null,
    retention,
    took: [],
  };
  return { id: await saveArtifact(database.prisma, artifact), object: `${bucket}/${storageKey}` };
}

const removedAt = async ({ database }: Runtime, id: string): Promise<Date | null> =>
  (await database.prisma.artifact.findUniqueOrThrow({ where: { id } })).removedAt;

async function storedBytes({ database }: Runtime): Promise<number> {
  const { _sum } = await database.prisma.usageEntry.aggregate({
    where: { unit: 'STORED_BYTES' },
    _sum: { quantity: true },
  });
  return Number(_sum.quantity);
}

describe('files', () => {
  test('of a limited plan go when its days after the last run have passed, and the ledger knows', async () => {
    await using runtime = await openTestRuntime();
    const place = await seeded(runtime, 'free');
    const final = await stored(runtime, place, 'FINAL');
    const source = await stored(runtime, place, 'SOURCE');
    expect(await storedBytes(runtime)).toBe(10);

    expect(await sweep(runtime, { now: days(29) })).toMatchObject({ finals: 0, sources: 0, orphans: 0 });
    expect(await objectsIn(runtime.storage)).toEqual([source.object, final.object]);
    const now = days(31);
    expect(await sweep(runtime, { now })).toMatchObject({ finals: 1, sources: 1 });
    expect(await objectsIn(runtime.storage)).toEqual([]);
    expect(await removedAt(runtime, final.id)).toEqual(now);
    expect(await storedBytes(runtime)).toBe(0);
    const upload = await runtime.database.prisma.upload.findUniqueOrThrow({ where: { id: place.uploadId } });
    expect(upload.status).toBe('EXPIRED');
    expect(await sweep(runtime, { now: days(32) })).toMatchObject({ finals: 0, sources: 0 });
  });

  test('of an unlimited plan stay, but those that only later stages read go after two days', async () => {
    await using runtime = await openTestRuntime();
    const place = await seeded(runtime, 'unlimited');
    const final = await stored(runtime, place, 'FINAL');
    const between = await stored(runtime, place, 'INTERMEDIATE');
    expect(await sweep(runtime, { now: hours(47) })).toMatchObject({ intermediates: 0 });
    expect(await sweep(runtime, { now: days(9_000) })).toMatchObject({ intermediates: 1, finals: 0 });
    expect(await objectsIn(runtime.storage)).toEqual([final.object]);
    expect(await removedAt(runtime, between.id)).not.toBeNull();
  });

  test('stay while a run is under way, and while another upload of late uses them', async () => {
    await using runtime = await openTestRuntime();
    const { prisma } = runtime.database;
    const place = await seeded(runtime, 'free');
    const { id, object } = await stored(runtime, place, 'FINAL');
    const other = await uploadWithRun(runtime, place.tenant);
    const { Rendition } = await seedDerived(runtime.database, place.tenant, other);
    await prisma.rendition.update({ where: { id: Rendition }, data: { artifactId: id } });
    await prisma.run.update({ where: { id: other.runId }, data: { finishedAt: days(20) } });
    await sweep(runtime, { now: days(40) });
    expect(await removedAt(runtime, id), 'used 20 days ago').toBeNull();

    await prisma.run.update({ where: { id: place.runId }, data: { status: 'RUNNING', finishedAt: null } });
    await sweep(runtime, { now: days(60) });
    expect(await removedAt(runtime, id), 'a run is under way').toBeNull();
    expect(await objectsIn(runtime.storage)).toContain(object);

    await prisma.run.update({ where: { id: place.runId }, data: { status: 'SUCCEEDED', finishedAt: new Date() } });
    await sweep(runtime, { now: days(60) });
    expect(await removedAt(runtime, id)).not.toBeNull();
  });

  test('of a sweep that was killed between row and bytes go with the next one', async () => {
    await using runtime = await openTestRuntime();
    const place = await seeded(runtime, 'free');
    const { id, object } = await stored(runtime, place, 'FINAL');
    const killed = { ...runtime.storage, remove: () => Promise.reject(new Error('killed')) };
    await sweep({ ...runtime, storage: killed }, { now: days(31) });
    expect(await removedAt(runtime, id), 'no row names bytes that may be missing').not.toBeNull();
    expect(await objectsIn(runtime.storage)).toEqual([object]);
    expect(await storedBytes(runtime)).toBe(0);

    expect(await sweep(runtime, { now: days(31) })).toMatchObject({ finals: 0, orphans: 1 });
    expect(await objectsIn(runtime.storage)).toEqual([]);
  });

  test('go once, however many workers sweep', async () => {
    await using runtime = await openTestRuntime();
    const place = await seeded(runtime, 'free');
    for (let count = 0; count < 12; count += 1) await stored(runtime, place, 'FINAL');
    const now = days(31);
    const swept = await Promise.all(Array.from({ length: 4 }, () => sweep(runtime, { now, classes: ['finals'] })));
    expect(swept.reduce((sum, { finals = 0 }) => sum + finals, 0)).toBe(12);
    expect(await storedBytes(runtime)).toBe(0);
    expect(await objectsIn(runtime.storage)).toEqual([]);
  });
});

describe('uploads that were never finalized', () => {
  test('expire after a day, with the bytes that came', async () => {
    await using runtime = await openTestRuntime();
    const { prisma } = runtime.database;
    const tenant = await seedTenant(runtime.database, 'analytical');
    const id = await seedUpload(runtime.database, tenant, { status: 'AWAITING_BYTES' });
    const { storageKey } = await prisma.upload.findUniqueOrThrow({ where: { id } });
    await putObject(runtime.storage, { bucket: 'uploads', key: storageKey });
    expect(await sweep(runtime, { now: hours(23) })).toMatchObject({ unfinishedUploads: 0, orphans: 0 });
    expect(await sweep(runtime, { now: hours(25) })).toMatchObject({ unfinishedUploads: 1 });
    expect(await prisma.upload.findUniqueOrThrow({ where: { id } })).toMatchObject({ status: 'EXPIRED' });
    expect(await objectsIn(runtime.storage)).toEqual([]);
  });
});

describe('objects that no row names', () => {
  test('go when they are old enough and no run is under way that could still name them', async () => {
    await using runtime = await openTestRuntime();
    const { database, storage } = runtime;
    const place = await seeded(runtime, 'unlimited');
    const named = await stored(runtime, place, 'FINAL');
    const below = `${place.tenant.workspaceId}/${place.uploadId}`;
    await putObject(storage, { bucket: 'clips', key: `${below}/rendition/left.mp4` });
    await putObject(storage, { bucket: 'images', key: `${place.tenant.workspaceId}/${randomUUID()}/poster/gone.jpg` });
    await putObject(storage, { bucket: 'exports', key: `${place.tenant.userId}/${randomUUID()}.json` });
    await putObject(storage, { bucket: 'images', key: 'logo/of/somebody-else.png' });

    expect(await sweep(runtime, { now: hours(23) })).toMatchObject({ orphans: 0 });
    const { runId } = place;
    await database.prisma.run.update({ where: { id: runId }, data: { finishedAt: null } });
    expect(await sweep(runtime, { now: hours(25) })).toMatchObject({ orphans: 2 });
    await database.prisma.run.update({ where: { id: runId }, data: { finishedAt: new Date() } });
    expect(await sweep(runtime, { orphanGraceMs: 0, now: hours(1) })).toMatchObject({ orphans: 1 });
    expect(await objectsIn(storage)).toEqual([named.object, 'images/logo/of/somebody-else.png']);
  });
});

describe('rows', () => {
  test('of each class go in their time', async () => {
    await using runtime = await openTestRuntime();
    const { prisma } = runtime.database;
    const { tenant, runId } = await seeded(runtime, 'unlimited');
    const { workspaceId, userId } = tenant;
    await prisma.idempotencyKey.create({
      data: { workspaceId, key: 'k', operation: 'startRun', inputHash: 'h', answerId: runId },
    });
    const endpoint = await prisma.webhookEndpoint.create({
      data: { workspaceId, url: 'https://example.com', secret: 's', kinds: [] },
    });
    await prisma.webhookDelivery.create({
      data: { workspaceId, endpointId: endpoint.id, kind: 'RUN_STARTED', body: '{}' },
    });
    const key = `${userId}/${randomUUID()}.json`;
    await prisma.dataExport.create({ data: { userId, storageKey: key, expiresAt: hours(24) } });
    await putObject(runtime.storage, { bucket: 'exports', key });
    const events = await prisma.runEvent.count({ where: { runId } });
    expect(events).toBeGreaterThan(0);
    const activities = await prisma.workspaceActivity.count({ where: { workspaceId } });
    expect(activities).toBeGreaterThan(0);

    const early = await sweep(runtime, { now: hours(23) });
    expect(Object.values(early)).toEqual(Object.values(early).map(() => 0));
    expect(await sweep(runtime, { now: hours(25) })).toMatchObject({
      idempotencyKeys: 1,
      dataExports: 1,
      activities: 0,
    });
    expect(await objectsIn(runtime.storage)).toEqual([]);
    expect(await sweep(runtime, { now: hours(49) })).toMatchObject({ activities, runEvents: 0 });
    expect(await sweep(runtime, { now: days(8) })).toMatchObject({ runEvents: events, webhookDeliveries: 0 });
    expect(await sweep(runtime, { now: days(31) })).toMatchObject({ webhookDeliveries: 1 });
  });
});
