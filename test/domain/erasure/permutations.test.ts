import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deleteUpload } from '#domain/erasure/delete-upload.ts';
import { startRun } from '#domain/runs/start-run.ts';
import { openFeed } from '#feed/feed.ts';
import type { Api, Viewer } from '#graph/context.ts';
import { uncounted } from '#graph/rate-limits.ts';
import { probeOnly } from '#pipeline/recipe.ts';
import { insertRun } from '#pipeline/start-run.ts';
import { keepArtifact, type StoredArtifact, saveArtifact } from '#work/artifacts.ts';
import { runStage } from '#work/run-stage.ts';
import { columnsNaming, idsBelow } from '../../support/rows.ts';
import { seedDerived, seedRun, seedUpload, type Tenant, tenantOf } from '../../support/seed.ts';
import { openTestRunner, type TestRunner } from '../../support/stage-runner.ts';
import { gate, lockedRows, outcome, stepped, untilWaiting } from '../../support/steps.ts';

// Two sessions stepped in a fixed order, as in test/pipeline/permutations.test.ts.

let bench: TestRunner;
let api: Api & AsyncDisposable;
let tenant: Tenant;
let viewer: Viewer;
beforeAll(async () => {
  bench = await openTestRunner();
  const { env, log, database, storage, wake } = bench.runner.worker;
  const feed = await openFeed(database.url, log);
  const rates = uncounted;
  api = { env, log, database, storage, wake, feed, rates, [Symbol.asyncDispose]: () => feed[Symbol.asyncDispose]() };
  tenant = await tenantOf(database, 'analytical');
  viewer = { userId: tenant.userId, roles: new Map([[tenant.workspaceId, 'OWNER']]), admin: false, key: null };
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  await bench[Symbol.asyncDispose]();
});

const upload = () => seedUpload(bench.database, tenant);
const erased = (uploadId: string) => deleteUpload({ uploadId }, viewer, api);
const erasing = (uploadId: string) => outcome(erased(uploadId));

/** Stops the deletion of an upload near its end, when it holds all its locks; gives the way to let it go on. */
async function heldBack(uploadId: string): Promise<() => Promise<void>> {
  const { workspaceId } = tenant;
  const key = randomUUID();
  await bench.database.prisma.idempotencyKey.create({
    data: { workspaceId, key, operation: 'createUpload', inputHash: '', answerId: uploadId },
  });
  return lockedRows(bench.database, 'select 1 from idempotency_keys where key = $1', [key]);
}

/** Waits until the deletion stands where `heldBack` stopped it. */
const untilHeld = () => untilWaiting(bench.database, 'idempotency_keys');

const start = (uploadId: string) => {
  const recipe = { ...probeOnly, contents: [] };
  return outcome(startRun({ uploadId, recipe, fresh: false, idempotencyKey: randomUUID() }, viewer, api));
};

/** A new run over an upload with its first stage. */
async function run(uploadId: string) {
  const runId = await seedRun(bench.database, tenant, uploadId);
  const { id } = await bench.database.prisma.stageRun.findFirstOrThrow({ where: { runId }, select: { id: true } });
  return { runId, stageRunId: id };
}

const jobsOf = async (stageRunId: string): Promise<number> => {
  const { rows } = await bench.database.pool.query('select 1 from graphile_worker._private_jobs where key = $1', [
    stageRunId,
  ]);
  return rows.length;
};

/** What still names any of these, but for the receipt. */
const naming = async (ids: readonly string[]) => {
  const { 'erasure_receipts.subject_id': _receipt, ...left } = await columnsNaming(bench.database, ids);
  const { 'workspace_activities.subject_id': _told, ...rest } = left;
  return rest;
};

describe('delete and finish', () => {
  test('a delete that meets the last commit takes with it what was just written', async () => {
    const uploadId = await upload();
    const { stageRunId } = await run(uploadId);
    const commit = gate();
    const work = async () => async () => {
      await commit.pass();
      return [];
    };
    const finishing = runStage(bench.runner, { stage: 'ingest', work }, stageRunId);
    await commit.reached;
    const ids = await idsBelow(bench.database, uploadId);
    const deleting = erasing(uploadId);
    await untilWaiting(bench.database, 'from runs where upload_id');
    commit.open();
    await finishing;
    expect(await deleting).toBe('done');
    expect(await naming(ids)).toEqual({});
  });

  test('a commit that meets a delete writes nothing', async () => {
    const uploadId = await upload();
    const { stageRunId } = await run(uploadId);
    const commit = gate();
    let written = false;
    const work = async () => {
      await commit.pass();
      return async () => {
        written = true;
        return [];
      };
    };
    const finishing = runStage(bench.runner, { stage: 'ingest', work }, stageRunId);
    await commit.reached;
    const ids = await idsBelow(bench.database, uploadId);
    const goOn = await heldBack(uploadId);
    const deleting = erasing(uploadId);
    await untilHeld();
    commit.open();
    await untilWaiting(bench.database, 'from runs where id');
    await goOn();
    expect(await deleting).toBe('done');
    await finishing;
    expect(written).toBe(false);
    expect(await naming(ids)).toEqual({});
    expect(await jobsOf(stageRunId)).toBe(0);
  });
});

describe('delete and start', () => {
  test('a delete that meets a start takes the new run with it', async () => {
    const uploadId = await upload();
    const { workspaceId, userId: createdById } = tenant;
    const runId = randomUUID();
    const started = gate();
    const starting = stepped(bench.database, async (tx) => {
      await insertRun(tx, { id: runId, workspaceId, uploadId, recipe: probeOnly, createdById });
      await started.pass();
      return tx.stageRun.findFirstOrThrow({ where: { runId }, select: { id: true } });
    });
    await started.reached;
    const deleting = erasing(uploadId);
    await untilWaiting(bench.database, 'from uploads where id');
    started.open();
    const { id: stageRunId } = await starting;
    expect(await deleting).toBe('done');
    expect(await naming([uploadId, runId, stageRunId])).toEqual({});
    expect(await jobsOf(stageRunId)).toBe(0);
  });

  test('a start that meets a delete is told that the upload is gone', async () => {
    const uploadId = await upload();
    const goOn = await heldBack(uploadId);
    const deleting = erasing(uploadId);
    await untilHeld();
    const starting = start(uploadId);
    await untilWaiting(bench.database, 'from uploads where id');
    await goOn();
    expect(await deleting).toBe('done');
    expect(await starting).toBe('NOT_FOUND');
    expect(await naming([uploadId])).toEqual({});
  });
});

describe('two deletes at once', () => {
  test('of one upload are one, with one receipt', async () => {
    const uploadId = await upload();
    const goOn = await heldBack(uploadId);
    const first = erased(uploadId);
    await untilHeld();
    const both = Promise.all([first, erased(uploadId)]);
    await untilWaiting(bench.database, 'from uploads where id');
    await goOn();
    const [{ receiptId }, second] = await both;
    expect(second.receiptId).toBe(receiptId);
    expect(await bench.database.prisma.erasureReceipt.count({ where: { subjectId: uploadId } })).toBe(1);
  });

  test('of two uploads that share an artifact leave nothing of either', async () => {
    const { prisma } = bench.database;
    const [owner, heir] = [await upload(), await upload()];
    const { Artifact } = await seedDerived(bench.database, tenant, { uploadId: owner });
    const { Rendition } = await seedDerived(bench.database, tenant, { uploadId: heir });
    await prisma.rendition.update({ where: { id: Rendition }, data: { artifactId: Artifact } });
    const goOn = await heldBack(heir);
    const first = erasing(heir);
    await untilHeld();
    const second = erasing(owner);
    await untilWaiting(bench.database, 'with used as');
    await goOn();
    expect([await first, await second]).toEqual(['done', 'done']);
    expect(await naming([owner, heir, Artifact, Rendition])).toEqual({});
  });
});

describe('delete and reuse by another upload', () => {
  /** An artifact of one upload, and another upload whose rendition has none yet. */
  async function shared() {
    const { prisma } = bench.database;
    const [owner, user] = [await upload(), await upload()];
    const { Artifact: artifactId } = await seedDerived(bench.database, tenant, { uploadId: owner });
    const { Rendition: renditionId } = await seedDerived(bench.database, tenant, { uploadId: user });
    const using = { where: { id: renditionId } };
    await prisma.rendition.update({ ...using, data: { artifactId: null } });
    return { owner, user, artifactId, using };
  }

  test('a delete that meets a commit with one of its artifacts hands it over', async () => {
    const { prisma } = bench.database;
    const { owner, user, artifactId, using } = await shared();
    const commit = gate();
    const reusing = stepped(bench.database, async (tx) => {
      await tx.rendition.update({ ...using, data: { artifactId: await keepArtifact(tx, artifactId) } });
      await commit.pass();
    });
    await commit.reached;
    const deleting = erasing(owner);
    await untilWaiting(bench.database, 'artifacts');
    commit.open();
    await reusing;
    expect(await deleting).toBe('done');
    expect(await prisma.rendition.findUniqueOrThrow(using)).toMatchObject({ artifactId });
    expect(await prisma.artifact.findUniqueOrThrow({ where: { id: artifactId } })).toMatchObject({ uploadId: user });
  });

  test('a commit that meets a delete does not refer to what goes', async () => {
    const { owner, artifactId } = await shared();
    const goOn = await heldBack(owner);
    const deleting = erasing(owner);
    await untilHeld();
    const reusing = outcome(stepped(bench.database, (tx) => keepArtifact(tx, artifactId)));
    await untilWaiting(bench.database, 'for key share');
    await goOn();
    expect(await deleting).toBe('done');
    expect(await reusing).toBe('INTERNAL');
  });

  test('a commit that meets a delete and has made the same again keeps its own', async () => {
    const { prisma } = bench.database;
    const { owner, user, artifactId } = await shared();
    const { artifactKey } = await prisma.artifact.findUniqueOrThrow({ where: { id: artifactId } });
    const { runId, stageRunId } = await run(user);
    const goOn = await heldBack(owner);
    const deleting = erasing(owner);
    await untilHeld();
    const made = { workspaceId: tenant.workspaceId, uploadId: user, runId, stageRunId, artifactKey };
    const saving = stepped(bench.database, (tx) => saveArtifact(tx, { ...made, ...bytes }));
    await untilWaiting(bench.database, 'artifacts');
    await goOn();
    expect(await deleting).toBe('done');
    const id = await saving;
    expect(id).not.toBe(artifactId);
    expect(await prisma.artifact.findUniqueOrThrow({ where: { id } })).toMatchObject({
      uploadId: user,
      removedAt: null,
    });
    expect(await prisma.usageEntry.count({ where: { artifactId: id } })).toBe(1);
  });

  const bytes: Omit<StoredArtifact, 'workspaceId' | 'uploadId' | 'runId' | 'stageRunId' | 'artifactKey'> = {
    bucket: 'clips',
    storageKey: `${randomUUID()}/clip.mp4`,
    contentType: 'video/mp4',
    sizeBytes: 1,
    sha256: 'a'.repeat(64),
    media: null,
    retention: 'FINAL',
    took: [],
  };
});
