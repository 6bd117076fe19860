import { writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openFolder } from '#base/temp.ts';
import {
  artifactKey,
  keepArtifact,
  knownArtifact,
  type StoredArtifact,
  saveArtifact,
  storeArtifact,
} from '#pipeline/artifacts.ts';
import { openTestDatabase } from '../support/database.ts';
import { sha256 } from '../support/house.ts';
import { calm } from '../support/media.ts';
import { seedTenant, seedUpload, type Tenant } from '../support/seed.ts';
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
    const file = folder.file('captions.vtt');
    await writeFile(file, 'WEBVTT\n');
    const key = artifactKey({ artifact: 'captions', text: 'WEBVTT' });
    const order = { file, artifactKey: key, artifact: 'captions', ext: 'vtt', contentType: 'text/vtt', signal: calm() };

    const store = () => storeArtifact(server.storage, owner, { ...order, bucket: 'subtitles' });
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
    const stored = storedFor(theirs, await seedUpload(database, theirs));
    await saveArtifact(database.prisma, stored);
    expect(await knownArtifact(database.prisma, ours.workspaceId, stored.artifactKey)).toBeNull();
    expect(await knownArtifact(database.prisma, theirs.workspaceId, stored.artifactKey)).not.toBeNull();
  });

  test('whose bytes were removed is unknown and cannot be kept, until it is made again', async () => {
    await using database = await openTestDatabase();
    const { prisma } = database;
    const tenant = await seedTenant(database, 'analytical');
    const [first, second] = [await seedUpload(database, tenant), await seedUpload(database, tenant)];
    const stored = storedFor(tenant, first);
    const id = await saveArtifact(prisma, stored);
    expect(await keepArtifact(prisma, id)).toBe(id);

    await prisma.artifact.update({ where: { id }, data: { removedAt: new Date() } });
    expect(await knownArtifact(prisma, tenant.workspaceId, stored.artifactKey)).toBeNull();
    await expect(keepArtifact(prisma, id)).rejects.toMatchObject({ code: 'INTERNAL', transient: true });

    const again = { ...stored, uploadId: second, storageKey: 'elsewhere/clip.mp4' };
    expect(await saveArtifact(prisma, again)).toBe(id);
    expect(await keepArtifact(prisma, id)).toBe(id);
    expect(await prisma.artifact.findUniqueOrThrow({ where: { id } })).toMatchObject({
      removedAt: null,
      uploadId: second,
      storageKey: 'elsewhere/clip.mp4',
    });
  });
});

const storedFor = ({ workspaceId }: Tenant, uploadId: string): StoredArtifact => ({
  workspaceId,
  uploadId,
  artifactKey: artifactKey({ artifact: 'secret' }),
  bucket: 'clips',
  storageKey: `${workspaceId}/clip.mp4`,
  contentType: 'video/mp4',
  sizeBytes: 1,
  sha256: sha256(Buffer.from('x')),
  media: null,
  retention: 'FINAL',
});

async function objectsBelow(listed: AsyncIterable<{ key: string }>): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of listed) keys.push(key);
  return keys;
}
