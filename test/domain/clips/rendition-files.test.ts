import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Database } from '#base/database.ts';
import { globalId } from '#base/global-id.ts';
import { sourceMs } from '#base/time.ts';
import { savePoster } from '#domain/clips/clip-poster.ts';
import { columnsOf } from '#domain/clips/cuts-column.ts';
import type { RenditionOrder } from '#domain/clips/render-order.ts';
import { saveRenditionFiles } from '#domain/clips/rendition-files.ts';
import { reviseClip } from '#domain/clips/revise-clip.ts';
import { graphql } from '#generated/client/gql.ts';
import type { StoredArtifact } from '#work/artifacts.ts';
import { type House, openHouse } from '../../support/house.ts';
import { seedDerived, seedUpload, type Tenant, tenantOf } from '../../support/seed.ts';
import { gate, outcome, stepped, untilWaiting } from '../../support/steps.ts';

const staleDocument = graphql(`query RenditionStale($id: ID!) { node(id: $id) { ... on Rendition { stale } } }`);

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
  saveRenditionFiles(database.prisma, { revision }, [{ rendition, key: id, made: { id }, quality: undefined }]);

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
  const cutsOf = (endMs: number) => [{ startMs: sourceMs(0), endMs: sourceMs(endMs) }];
  await database.prisma.clip.update({ where: { id: clipId }, data: columnsOf(cutsOf(2_000)) });
  const [older, newer] = [await another(), await another()];
  await savePoster(database.prisma, { clipId, cuts: cutsOf(1_000) }, { id: older });
  expect(await posterOf()).toBe(artifactId);
  await savePoster(database.prisma, { clipId, cuts: cutsOf(2_000) }, { id: newer });
  expect(await posterOf()).toBe(newer);
  await database.prisma.clip.update({ where: { id: clipId }, data: { posterArtifactId: null } });
  await savePoster(database.prisma, { clipId, cuts: cutsOf(1_000) }, { id: older });
  expect(await posterOf()).toBe(older);
});

/** Whether the file of the rendition is stale, as anybody is told. */
async function isStale(): Promise<boolean | undefined> {
  const { data } = await house.send(staleDocument, { id: globalId('Rendition', rendition.id) });
  return data.node && 'stale' in data.node ? data.node.stale : undefined;
}

test('a file of a clip that was renamed while it was encoded is not stale', async () => {
  await reviseClip(database.prisma, clipId, { stale: 'NONE', data: { title: 'Another name' } });
  await encoded(2, await another());
  expect(await isStale()).toBe(false);
});

test('a file of a shape is not stale when another shape became another while it was encoded', async () => {
  await reviseClip(database.prisma, clipId, { stale: { preset: 'PORTRAIT_1080P' } });
  await encoded(2, await another());
  expect(await isStale()).toBe(false);
});

test('a file of cuts that became others while it was encoded is stale, and stays so when the clip is renamed', async () => {
  await reviseClip(database.prisma, clipId, { stale: 'ALL' });
  await encoded(2, await another());
  expect(await isStale()).toBe(true);
  await reviseClip(database.prisma, clipId, { stale: 'NONE', data: { title: 'Another name' } });
  expect(await isStale()).toBe(true);
  await encoded(4, await another());
  expect(await isStale()).toBe(false);
});

test('two uploads of the same bytes save the same files at once, whatever the order of their renditions', async () => {
  const { workspaceId } = tenant;
  const stored = (key: string): { stored: StoredArtifact } => ({
    stored: {
      workspaceId,
      uploadId,
      runId: null,
      stageRunId: null,
      artifactKey: key,
      bucket: 'clips',
      storageKey: `${workspaceId}/${uploadId}/rendition/${key}.mp4`,
      contentType: 'video/mp4',
      sizeBytes: 1,
      sha256: 'd'.repeat(64),
      media: null,
      retention: 'FINAL',
      took: [],
    },
  });
  const keys: string[] = [crypto.randomUUID(), crypto.randomUUID()].toSorted();
  const files = keys.map((key) => ({ rendition, key, made: stored(key), quality: undefined }));
  const saving = (some: typeof files) =>
    outcome(stepped(database, (tx) => saveRenditionFiles(tx, { revision: 2 }, some)));
  const first = gate();
  const holding = stepped(database, async (tx) => {
    await tx.artifact.create({ data: columnsFor(files[0]?.made.stored) });
    await first.pass();
    throw new Error('taken back');
  });
  await first.reached;
  const one = saving(files);
  await untilWaiting(database, 'artifacts');
  const other = saving(files.toReversed());
  await untilWaiting(database, 'artifacts', 2);
  first.open();
  await expect(holding).rejects.toThrow('taken back');
  expect([await one, await other]).toEqual(['done', 'done']);
});

function columnsFor(stored: StoredArtifact | undefined) {
  if (!stored) throw new Error('there is no file');
  const { runId: _run, stageRunId: _stageRun, took: _took, media: _media, ...columns } = stored;
  return columns;
}
