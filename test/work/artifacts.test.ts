import { writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Database } from '#base/database.ts';
import { openFolder } from '#base/temp.ts';
import { chargeRemoval } from '#usage/ledger.ts';
import {
  artifactKey,
  keepArtifact,
  knownArtifact,
  type StoredArtifact,
  saveArtifact,
  storeArtifact,
} from '#work/artifacts.ts';
import { openTestDatabase } from '../support/database.ts';
import { sha256 } from '../support/house.ts';
import { calm } from '../support/media.ts';
import { seedRun, seedTenant, seedUpload, type Tenant } from '../support/seed.ts';
import { gate, stepped, untilWaiting } from '../support/steps.ts';
import { openEmbeddedServer } from '../support/storage.ts';

const decides = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 6 });

describe('the key of an artifact', () => {
  test('does not change with the order in which its reasons are named', () => {
    fc.assert(
      fc.property(decides, (reasons) => {
        const backwards = Object.fromEntries(Object.entries(reasons).toReversed());
        expect(artifactKey(backwards)).toBe(artifactKey(reasons));
      }),
    );
  });

  test('changes with every reason', () => {
    fc.assert(
      fc.property(decides, fc.string(), fc.nat(), (reasons, name, value) => {
        fc.pre(name !== 'recipeVersion' && JSON.stringify(reasons[name]) !== JSON.stringify(value));
        expect(artifactKey({ ...reasons, [name]: value })).not.toBe(artifactKey(reasons));
      }),
    );
  });

  test('takes a reason that is not set for one that is not there', () => {
    expect(artifactKey({ a: 1, b: undefined })).toBe(artifactKey({ a: 1 }));
    expect(artifactKey({ a: 1, b: null })).not.toBe(artifactKey({ a: 1 }));
  });
});

describe('an artifact', () => {
  test('that is made twice is one object and one row', async () => {
    await using database = await openTestDatabase();
    await using server = await openEmbeddedServer();
    await using folder = await openFolder();
    const tenant = await seedTenant(database, 'analytical');
    const uploadId = await seedUpload(database, tenant);
    const owner = { workspaceId: tenant.workspaceId, uploadId };
    const maker = await makerOf(database, tenant, uploadId);
    const file = folder.file('captions.vtt');
    await writeFile(file, 'WEBVTT\n');
    const key = artifactKey({ artifact: 'captions', text: 'WEBVTT' });
    const order = { file, artifactKey: key, artifact: 'captions', ext: 'vtt', contentType: 'text/vtt', signal: calm() };

    const store = () => storeArtifact(server.storage, maker, { ...order, bucket: 'subtitles' });
    const [first, second] = [await store(), await store()];
    expect(second).toEqual(first);
    expect(first).toMatchObject({ sizeBytes: 7, sha256: sha256(Buffer.from('WEBVTT\n')), media: null });
    const { prisma } = database;
    expect(await knownArtifact(prisma, owner.workspaceId, key)).toBeNull();
    const [id, again] = [await saveArtifact(prisma, first), await saveArtifact(prisma, second)];
    expect(again).toBe(id);
    expect(await knownArtifact(prisma, owner.workspaceId, key)).toEqual({ id, storageKey: first.storageKey });
    const objects = await objectsBelow(server.storage.list('subtitles', `${owner.workspaceId}/`));
    expect(objects).toEqual([first.storageKey]);
    expect(await text(await server.storage.read({ bucket: 'subtitles', key: first.storageKey }))).toBe('WEBVTT\n');
  });

  test('of another workspace is not known here', async () => {
    await using database = await openTestDatabase();
    const [ours, theirs] = [await seedTenant(database, 'ours'), await seedTenant(database, 'theirs')];
    const stored = storedBy(await makerOf(database, theirs));
    await saveArtifact(database.prisma, stored);
    expect(await knownArtifact(database.prisma, ours.workspaceId, stored.artifactKey)).toBeNull();
    expect(await knownArtifact(database.prisma, theirs.workspaceId, stored.artifactKey)).not.toBeNull();
  });

  test('whose bytes were removed is unknown and cannot be kept, until it is made again', async () => {
    await using database = await openTestDatabase();
    const { prisma } = database;
    const tenant = await seedTenant(database, 'analytical');
    const stored = storedBy(await makerOf(database, tenant));
    const id = await saveArtifact(prisma, stored);
    expect(await keepArtifact(prisma, id)).toBe(id);

    await prisma.artifact.update({ where: { id }, data: { removedAt: new Date() } });
    expect(await knownArtifact(prisma, tenant.workspaceId, stored.artifactKey)).toBeNull();
    await expect(keepArtifact(prisma, id)).rejects.toMatchObject({ code: 'INTERNAL', transient: true });

    const again = { ...storedBy(await makerOf(database, tenant)), storageKey: 'elsewhere/clip.mp4' };
    expect(await saveArtifact(prisma, again)).toBe(id);
    expect(await keepArtifact(prisma, id)).toBe(id);
    expect(await prisma.artifact.findUniqueOrThrow({ where: { id } })).toMatchObject({
      removedAt: null,
      uploadId: again.uploadId,
      storageKey: 'elsewhere/clip.mp4',
    });
  });
});

describe('what an artifact took', () => {
  test('is charged once where two runs commit the same at once, and both get the one row', async () => {
    await using database = await openTestDatabase();
    const tenant = await seedTenant(database, 'analytical');
    const [first, second] = [await makerOf(database, tenant), await makerOf(database, tenant)];
    const commit = gate();
    const saving = stepped(database, async (tx) => {
      const id = await saveArtifact(tx, storedBy(first));
      await commit.pass();
      return id;
    });
    await commit.reached;
    const again = { ...storedBy(second), storageKey: 'elsewhere/clip.mp4' };
    const waiting = stepped(database, (tx) => saveArtifact(tx, again));
    await untilWaiting(database, 'artifacts');
    commit.open();
    expect(await waiting).toBe(await saving);
    expect((await entriesOf(database)).map(({ runId }) => runId)).toEqual([first.run.id, first.run.id]);
  });

  test('is charged once, to the stage that wrote the row, with each of its bytes', async () => {
    await using database = await openTestDatabase();
    const { prisma } = database;
    const tenant = await seedTenant(database, 'analytical');
    const [first, second] = [await makerOf(database, tenant), await makerOf(database, tenant)];
    const id = await saveArtifact(prisma, storedBy(first));
    await saveArtifact(prisma, { ...storedBy(second), storageKey: 'elsewhere/clip.mp4' });
    expect(await entriesOf(database)).toEqual([
      { artifactId: id, stageRunId: first.stageRunId, runId: first.run.id, unit: 'ENCODE_CPU_MS', quantity: 250n },
      { artifactId: id, stageRunId: first.stageRunId, runId: first.run.id, unit: 'STORED_BYTES', quantity: 1n },
    ]);
  });

  test('is charged again when its bytes are made again, and every removal is taken off once', async () => {
    await using database = await openTestDatabase();
    const { prisma } = database;
    const stored = storedBy(await makerOf(database, await seedTenant(database, 'analytical')));
    const id = await saveArtifact(prisma, stored);
    const stand = async (): Promise<number> =>
      (await entriesOf(database)).reduce(
        (sum, { unit, quantity }) => sum + (unit === 'STORED_BYTES' ? Number(quantity) : 0),
        0,
      );

    const removed = await prisma.artifact.update({ where: { id }, data: { removedAt: new Date() } });
    await chargeRemoval(prisma, [removed]);
    await chargeRemoval(prisma, [removed]);
    expect(await stand()).toBe(0);

    await saveArtifact(prisma, { ...stored, sizeBytes: 3 });
    await saveArtifact(prisma, { ...stored, sizeBytes: 3 });
    expect(await stand()).toBe(3);
    expect((await entriesOf(database)).filter(({ unit }) => unit === 'ENCODE_CPU_MS')).toHaveLength(2);

    await chargeRemoval(prisma, [await prisma.artifact.findUniqueOrThrow({ where: { id } })]);
    expect(await stand()).toBe(0);
  });
});

const entriesOf = ({ prisma }: Database) =>
  prisma.usageEntry.findMany({
    select: { artifactId: true, stageRunId: true, runId: true, unit: true, quantity: true },
    orderBy: [{ createdAt: 'asc' }, { dedupeKey: 'desc' }],
  });

type Maker = Parameters<typeof storeArtifact>[1];

/** The first stage of a new run. */
async function makerOf(database: Database, tenant: Tenant, uploadId?: string): Promise<Maker> {
  const upload = uploadId ?? (await seedUpload(database, tenant));
  const id = await seedRun(database, tenant, upload);
  const stageRun = await database.prisma.stageRun.findFirstOrThrow({ where: { runId: id }, select: { id: true } });
  return { run: { id, workspaceId: tenant.workspaceId, uploadId: upload }, stageRunId: stageRun.id };
}

const storedBy = ({ run, stageRunId }: Maker): StoredArtifact => ({
  workspaceId: run.workspaceId,
  uploadId: run.uploadId,
  runId: run.id,
  stageRunId,
  artifactKey: artifactKey({ artifact: 'secret' }),
  bucket: 'clips',
  storageKey: `${run.workspaceId}/clip.mp4`,
  contentType: 'video/mp4',
  sizeBytes: 1,
  sha256: sha256(Buffer.from('x')),
  media: null,
  retention: 'FINAL',
  took: [{ unit: 'ENCODE_CPU_MS', quantity: 250 }],
});

async function objectsBelow(listed: AsyncIterable<{ key: string }>): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of listed) keys.push(key);
  return keys;
}
