import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RetentionClass } from '#generated/prisma/enums.ts';
import { probeOnly } from '#pipeline/recipe.ts';
import { holdStartable } from '#pipeline/startable.ts';
import { removeBytes } from '#retention/remove-bytes.ts';
import { sweep } from '#retention/sweep.ts';
import type { Runtime } from '#runtime.ts';
import { keepArtifact, knownArtifact, type StoredArtifact, saveArtifact } from '#work/artifacts.ts';
import { charged } from '#work/charge-stage.ts';
import { objectsIn, openTestRuntime, putObject } from '../support/runtime.ts';
import { seedDerived, seedRun, seedTenant, seedUpload, type Tenant } from '../support/seed.ts';
import { type Gate, gate, lockedRows, outcome, stepped, untilWaiting } from '../support/steps.ts';

// Two sessions stepped in a fixed order, as in test/pipeline/permutations.test.ts.

const now = new Date(Date.now() + 31 * 24 * 60 * 60 * 1000);

let runtime: Runtime & AsyncDisposable;
let tenant: Tenant;
beforeEach(async () => {
  runtime = await openTestRuntime();
  tenant = await seedTenant(runtime.database, 'analytical');
  await runtime.database.prisma.workspace.updateMany({ data: { plan: 'free' } });
});
afterEach(() => runtime[Symbol.asyncDispose]());

/** An upload with a run that ended. */
async function place() {
  const uploadId = await seedUpload(runtime.database, tenant);
  const runId = await seedRun(runtime.database, tenant, uploadId);
  const { prisma } = runtime.database;
  const { id: stageRunId } = await prisma.stageRun.findFirstOrThrow({ where: { runId } });
  await prisma.run.update({ where: { id: runId }, data: { status: 'SUCCEEDED', finishedAt: new Date() } });
  return { uploadId, runId, stageRunId };
}

type Place = Awaited<ReturnType<typeof place>>;

/** Bytes as a stage stores them, before their row. */
async function made(
  at: Place,
  retention: RetentionClass = 'FINAL',
  artifactKey: string = randomUUID(),
): Promise<StoredArtifact> {
  const { workspaceId } = tenant;
  const bucket = retention === 'SOURCE' ? 'uploads' : 'clips';
  const storageKey = `${workspaceId}/${at.uploadId}/made/${artifactKey}.mp4`;
  await putObject(runtime.storage, { bucket, key: storageKey });
  const facts = { contentType: 'video/mp4', sizeBytes: 5, sha256: 'a'.repeat(64), media: null, took: [] };
  return { ...at, ...facts, workspaceId, artifactKey, bucket, storageKey, retention };
}

const artifact = (id: string) => runtime.database.prisma.artifact.findUniqueOrThrow({ where: { id } });

/** A sweep whose removal of bytes stands at the gate: its marks are written, and it holds the upload. */
const sweeping = (at: Gate, classes: Parameters<typeof sweep>[1]) => {
  const { storage } = runtime;
  const remove: typeof storage.remove = async (...what) => {
    await at.pass();
    return storage.remove(...what);
  };
  return sweep({ ...runtime, storage: { ...storage, remove } }, { now, ...classes });
};

describe('sweep and reuse', () => {
  test('a sweep that meets a commit with an artifact leaves it alone, then and after', async () => {
    const { prisma } = runtime.database;
    const [owner, user] = [await place(), await place()];
    const id = await saveArtifact(prisma, await made(owner));
    const { Rendition } = await seedDerived(runtime.database, tenant, user);
    await prisma.run.update({ where: { id: user.runId }, data: { finishedAt: null } });
    const commit = gate();
    const reusing = stepped(runtime.database, async (tx) => {
      await tx.rendition.update({ where: { id: Rendition }, data: { artifactId: await keepArtifact(tx, id) } });
      await commit.pass();
    });
    await commit.reached;
    expect(await sweep(runtime, { now, classes: ['finals'] })).toEqual({ finals: 0 });
    commit.open();
    await reusing;
    expect(await sweep(runtime, { now, classes: ['finals'] })).toEqual({ finals: 0 });
    expect(await artifact(id)).toMatchObject({ removedAt: null });
    expect(await objectsIn(runtime.storage)).toHaveLength(1);
  });

  test('a commit that meets a sweep does not refer to what goes, and what it makes again stays', async () => {
    const { prisma } = runtime.database;
    const [owner, user] = [await place(), await place()];
    const first = await made(owner);
    const id = await saveArtifact(prisma, first);
    const removal = gate();
    const swept = sweeping(removal, { classes: ['finals'] });
    await removal.reached;
    expect(await knownArtifact(prisma, tenant.workspaceId, first.artifactKey)).toBeNull();
    expect(await outcome(keepArtifact(prisma, id))).toBe('INTERNAL');
    const again = await made(user, 'FINAL', first.artifactKey);
    expect(await saveArtifact(prisma, again)).toBe(id);
    removal.open();
    expect(await swept).toEqual({ finals: 1 });
    expect(await artifact(id)).toMatchObject({ removedAt: null, uploadId: user.uploadId });
    expect(await objectsIn(runtime.storage)).toEqual([`clips/${again.storageKey}`]);
  });

  test('a run that starts between the mark and the removal keeps the bytes that it makes again', async () => {
    const { prisma } = runtime.database;
    const at = await place();
    const first = await made(at);
    const id = await saveArtifact(prisma, first);
    const { database, storage } = runtime;
    await prisma.artifact.update({ where: { id }, data: { removedAt: now } });
    const started = gate();
    const starting = stepped(runtime.database, async (tx) => {
      await holdStartable(tx, at.uploadId);
      await tx.run.update({ where: { id: at.runId }, data: { finishedAt: null } });
      await started.pass();
    });
    await started.reached;
    const find = async () => ({ bucket: 'clips' as const, keys: [first.storageKey] });
    const removing = removeBytes({ database, storage }, at.uploadId, find);
    await untilWaiting(database, 'from uploads where id');
    started.open();
    await starting;
    expect(await removing).toBe(0);
    expect(await saveArtifact(prisma, first)).toBe(id);
    expect(await objectsIn(storage)).toEqual([`clips/${first.storageKey}`]);
  });
});

describe('sweep and start', () => {
  test('a start that meets the sweep of its recording is refused', async () => {
    const { prisma } = runtime.database;
    const at = await place();
    await saveArtifact(prisma, await made(at, 'SOURCE'));
    const removal = gate();
    const swept = sweeping(removal, { classes: ['sources'] });
    await removal.reached;
    const starting = outcome(stepped(runtime.database, (tx) => holdStartable(tx, at.uploadId)));
    await untilWaiting(runtime.database, 'for key share');
    removal.open();
    expect(await starting).toBe('INVALID_STATE');
    expect(await swept).toEqual({ sources: 1 });
  });
});

describe('two sweeps at once', () => {
  test('take everything once: the second waits and finds nothing', async () => {
    const { prisma } = runtime.database;
    const at = await place();
    for (let count = 0; count < 3; count += 1) await saveArtifact(prisma, await made(at));
    const goOn = await lockedRows(runtime.database, 'select 1 from uploads where id = $1', [at.uploadId]);
    const sweeps = Promise.all([0, 1].map(() => sweep(runtime, { now, classes: ['finals'] })));
    await untilWaiting(runtime.database, 'from uploads where id', 2);
    await goOn();
    const [{ finals: one = 0 } = {}, { finals: other = 0 } = {}] = await sweeps;
    expect([one, other].toSorted((a, b) => a - b)).toEqual([0, 3]);
    expect(await objectsIn(runtime.storage)).toEqual([]);
    const { _sum } = await prisma.usageEntry.aggregate({ where: { unit: 'STORED_BYTES' }, _sum: { quantity: true } });
    expect(_sum.quantity).toBe(0n);
  });

  test('of one that takes what is too old and one that takes what nobody names the bytes go once', async () => {
    const { prisma } = runtime.database;
    const at = await place();
    const id = await saveArtifact(prisma, await made(at));
    const removal = gate();
    const first = sweeping(removal, { classes: ['finals'] });
    await removal.reached;
    const second = sweep(runtime, { now, classes: ['orphans'], orphanGraceMs: 0 });
    await untilWaiting(runtime.database, 'from uploads where id');
    removal.open();
    expect(await first).toEqual({ finals: 1 });
    await second;
    expect(await objectsIn(runtime.storage)).toEqual([]);
    expect(await prisma.usageEntry.count({ where: { artifactId: id } })).toBe(2);
  });
});

describe('the memory of models and the work that used it', () => {
  /** An answer that a stage of this place was given, and the commit that charges it. */
  async function answered(at: Place) {
    const { prisma } = runtime.database;
    const { uploadId, stageRunId } = at;
    const { workspaceId } = tenant;
    const { id } = await prisma.modelCall.create({
      data: {
        workspaceId,
        uploadId,
        stageRunId,
        callKey: randomUUID(),
        model: 'gpt-4.1-mini',
        purpose: 'test',
        answer: 'yes',
        answerBytes: 5,
        consumed: { INPUT_TOKENS: 1_000 },
        costMicros: 400,
        latencyMs: 1,
        expiresAt: new Date(),
      },
    });
    return { id, entry: { dedupeKey: `call:${id}:INPUT_TOKENS`, quantity: 1_000n } };
  }

  test('an answer that open work was given is not forgotten before that work is charged', async () => {
    const { prisma } = runtime.database;
    const at = await place();
    const { id } = await answered(at);
    await prisma.stageRun.update({ where: { id: at.stageRunId }, data: { status: 'WAITING' } });
    expect(await sweep(runtime, { now, classes: ['modelCalls'] })).toEqual({ modelCalls: 0 });
    expect(await prisma.modelCall.count({ where: { id } })).toBe(1);
    await prisma.stageRun.update({ where: { id: at.stageRunId }, data: { status: 'SUCCEEDED' } });
    expect(await sweep(runtime, { now, classes: ['modelCalls'] })).toEqual({ modelCalls: 1 });
  });

  test('a sweep that meets the commit that charges an answer waits, and the charge stands', async () => {
    const { prisma } = runtime.database;
    const at = await place();
    await prisma.stageRun.update({ where: { id: at.stageRunId }, data: { status: 'SUCCEEDED' } });
    const { id, entry } = await answered(at);
    const commit = gate();
    const calls = { answer: () => Promise.reject(new Error('not asked')), used: () => [{ id }] };
    const { uploadId, runId } = at;
    const { workspaceId } = tenant;
    const run = await prisma.run.findUniqueOrThrow({ where: { id: runId } });
    const lease = {
      id: at.stageRunId,
      stage: 'transcribe' as const,
      subject: '',
      token: randomUUID(),
      attempt: 1,
      maxAttempts: 5,
      failure: null,
      run: { ...run, id: runId, workspaceId, uploadId, recipe: probeOnly },
    };
    const charging = stepped(runtime.database, async (tx) => {
      await charged(async () => [], { lease, calls })(tx);
      await commit.pass();
    });
    await commit.reached;
    const swept = sweep(runtime, { now, classes: ['modelCalls'] });
    await untilWaiting(runtime.database, 'model_calls');
    commit.open();
    await charging;
    expect(await swept).toEqual({ modelCalls: 1 });
    expect(await prisma.usageEntry.findMany({ select: { dedupeKey: true, quantity: true } })).toEqual([entry]);
  });
});
