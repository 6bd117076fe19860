import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Database } from '#base/database.ts';
import { savePoster } from '#domain/clips/clip-poster.ts';
import type { RenditionOrder } from '#domain/clips/render-order.ts';
import { saveRendition } from '#domain/clips/rendition-files.ts';
import { type House, openHouse } from '../../support/house.ts';
import { seedDerived, seedUpload, type Tenant, tenantOf } from '../../support/seed.ts';

let house: House;
let database: Database;
let tenant: Tenant;
let rendition: RenditionOrder;
let uploadId: string;
let clipId: string;
let artifactId: string;

beforeAll(async () => {
  house = await openHouse({ worker: false });
  ({ database } = house);
  tenant = await tenantOf(database, 'analytical');
});
afterAll(() => house[Symbol.asyncDispose]());

beforeEach(async () => {
  uploadId = await seedUpload(database, tenant);
  const derived = await seedDerived(database, tenant, { uploadId });
  clipId = derived.Clip;
  rendition = { id: derived.Rendition, preset: 'LANDSCAPE_720P', captionStyle: 'NONE', safeArea: 'EVERYWHERE' };
  artifactId = derived.Artifact;
  await database.prisma.clip.update({ where: { id: clipId }, data: { revision: 2 } });
});

const another = async (): Promise<string> => {
  const { workspaceId } = tenant;
  const { id } = await database.prisma.artifact.create({
    data: {
      workspaceId,
      uploadId,
      bucket: 'clips',
      contentType: 'video/mp4',
      sizeBytes: 1,
      artifactKey: crypto.randomUUID(),
      storageKey: crypto.randomUUID(),
      sha256: 'c'.repeat(64),
    },
  });
  return id;
};

const encoded = (revision: number, id: string) =>
  saveRendition(database.prisma, { revision }, { rendition, made: { id }, quality: undefined });

const stored = () =>
  database.prisma.rendition.findUniqueOrThrow({
    where: { id: rendition.id },
    select: { artifactId: true, revision: true },
  });

test('a file that comes late does not replace one of a later revision', async () => {
  const [older, newer] = [await another(), await another()];
  await encoded(2, newer);
  await encoded(1, older);
  expect(await stored()).toEqual({ artifactId: newer, revision: 2 });
});

test('a file replaces one of the same revision, of an earlier one, and of none', async () => {
  for (const revision of [1, 2, 2]) {
    const id = await another();
    await encoded(revision, id);
    expect(await stored()).toEqual({ artifactId: id, revision });
  }
});

test('a file is taken where there is none, though it is of an earlier revision', async () => {
  await database.prisma.rendition.update({ where: { id: rendition.id }, data: { artifactId: null, revision: 2 } });
  await encoded(1, artifactId);
  expect(await stored()).toEqual({ artifactId, revision: 1 });
});

test('a poster of what the clip was is taken only where it has none', async () => {
  const posterOf = async () => {
    const clip = await database.prisma.clip.findUniqueOrThrow({ where: { id: clipId } });
    return clip.posterArtifactId;
  };
  const [older, newer] = [await another(), await another()];
  await savePoster(database.prisma, { clipId, revision: 1 }, { id: older });
  expect(await posterOf()).toBe(artifactId);
  await savePoster(database.prisma, { clipId, revision: 2 }, { id: newer });
  expect(await posterOf()).toBe(newer);
  await database.prisma.clip.update({ where: { id: clipId }, data: { posterArtifactId: null } });
  await savePoster(database.prisma, { clipId, revision: 1 }, { id: older });
  expect(await posterOf()).toBe(older);
});
