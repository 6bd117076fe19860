import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { globalId } from '#base/global-id.ts';
import { cutsOfHighlights } from '#domain/clips/planned-cuts.ts';
import { saveReel } from '#domain/clips/save-reel.ts';
import { recordingOf } from '#domain/uploads/recording.ts';
import { graphql } from '#generated/client/gql.ts';
import type { UpdateHighlightInput } from '#generated/client/graphql.ts';
import { probeOnly } from '#pipeline/recipe.ts';
import { type EditedTalk, seedTalk } from '../../support/edited-talk.ts';
import { type House, openHouse } from '../../support/house.ts';
import { type Tenant, tenantOf } from '../../support/seed.ts';

const changeDocument = graphql(`
  mutation ChangeShownHighlight($input: UpdateHighlightInput!) { updateHighlight(input: $input) { errors { message } } }
`);
const reelDocument = graphql(`
  query FollowingReel($id: ID!) {
    node(id: $id) {
      ... on Clip { revision cuts { startMs endMs } chapters { title } renditions { preset stale } }
    }
  }
`);

let house: House;
let tenant: Tenant;
let talk: EditedTalk;
/** Of a highlight for each sentence, in order. */
let highlightIds: readonly string[];

beforeAll(async () => {
  house = await openHouse({ worker: false });
  tenant = await tenantOf(house.database, 'analytical');
});
beforeEach(async () => {
  talk = await seedTalk(house.database, tenant);
  const further = [await highlightOf(1, 'Nobody'), await highlightOf(2, 'Disk')];
  highlightIds = [talk.highlightId, ...further];
});
afterAll(() => house[Symbol.asyncDispose]());

test('a renamed highlight is a renamed chapter, which sound alone does not show', async () => {
  const reel = await reelOf([0, 1]);
  await change(0, { title: 'Three hours' });
  expect(await read(reel)).toMatchObject({
    revision: 2,
    cuts: [cut(1_000, 2_100), cut(2_820, 3_600)],
    chapters: [{ title: 'Three hours' }, { title: 'Nobody' }],
    renditions: [
      { preset: 'LANDSCAPE_720P', stale: true },
      { preset: 'AUDIO_ONLY', stale: false },
    ],
  });
  expect(await captionOrders()).toBe(0);
});

test('a highlight with other bounds is shown with these, and the captions are made again', async () => {
  const reel = await reelOf([0, 1]);
  await change(1, { range: { startMs: 2_600, endMs: 5_320 } });
  expect(await read(reel)).toMatchObject({
    revision: 2,
    cuts: [cut(1_000, 2_100), cut(2_700, 5_320)],
    renditions: [{ stale: true }, { stale: true }],
  });
  expect(await captionOrders()).toBe(1);
});

test('a highlight that is dismissed is gone until it is not dismissed any more', async () => {
  const reel = await reelOf([0, 1, 2]);
  const before = await read(reel);
  await change(1, { decision: 'DISMISSED' });
  expect(await read(reel)).toMatchObject({
    revision: 2,
    cuts: [cut(1_000, 2_100), cut(4_220, 5_320)],
    chapters: [{ title: 'Hours' }, { title: 'Disk' }],
    renditions: [{ stale: true }, { stale: true }],
  });
  await change(1, { title: 'Somebody' });
  expect(await read(reel)).toMatchObject({ revision: 2 });
  await change(1, { decision: 'PROPOSED' });
  expect(await read(reel)).toMatchObject({
    revision: 3,
    cuts: before.cuts,
    chapters: [{ title: 'Hours' }, { title: 'Somebody' }, { title: 'Disk' }],
  });
});

test('a reel of which nothing would be left stays as it is', async () => {
  const reel = await reelOf([0, 1]);
  await change(0, { decision: 'DISMISSED' });
  const last = await read(reel);
  expect(last).toMatchObject({ revision: 2, chapters: [{ title: 'Nobody' }] });
  await change(1, { decision: 'DISMISSED' });
  expect(await read(reel)).toEqual(last);
});

test('an accepted highlight changes no reel, and none changes a reel that is not made of it', async () => {
  const [reel, other] = [await reelOf([0, 1]), await reelOf([1, 2])];
  const before = [await read(reel), await read(other)];
  await change(0, { decision: 'ACCEPTED' });
  expect([await read(reel), await read(other)]).toEqual(before);
  await change(0, { title: 'Three hours' });
  expect(await read(other)).toEqual(before[1]);
});

test('two reels may come to show the same and part again; a run finds the first of them', async () => {
  const [two, three] = [await reelOf([0, 1]), await reelOf([0, 1, 2])];
  const before = await read(three);
  await change(2, { decision: 'DISMISSED' });
  expect((await read(three)).cuts).toEqual((await read(two)).cuts);
  expect(await reelOf([0, 1])).toBe(two);
  await change(2, { decision: 'ACCEPTED' });
  expect(await read(three)).toMatchObject({ cuts: before.cuts, chapters: before.chapters });
  expect(await reelOf([0, 1, 2])).toBe(three);
});

test('a run that lays a reel out again under other titles makes files of the old ones stale', async () => {
  const reel = await reelOf([0, 1]);
  await house.database.prisma.highlight.update({ where: { id: talk.highlightId }, data: { title: 'Lost' } });
  expect(await reelOf([0, 1])).toBe(reel);
  expect(await read(reel)).toMatchObject({
    revision: 2,
    chapters: [{ title: 'Lost' }, { title: 'Nobody' }],
    renditions: [{ stale: true }, { stale: false }],
  });
});

const cut = (startMs: number, endMs: number) => ({ startMs, endMs });

/** A further highlight: one of the sentences. */
async function highlightOf(sentence: number, title: string): Promise<string> {
  const { prisma } = house.database;
  const first = await prisma.highlight.findUniqueOrThrow({ where: { id: talk.highlightId } });
  const { id: _id, createdAt: _at, signals: _signals, ...columns } = first;
  const {
    startMs,
    endMs,
    text: quote,
  } = await prisma.transcriptSegment.findUniqueOrThrow({
    where: { id: talk.segmentIds[sentence] ?? '' },
    select: { startMs: true, endMs: true, text: true },
  });
  const { id } = await prisma.highlight.create({ data: { ...columns, startMs, endMs, quote, title, signals: {} } });
  return id;
}

/** The reel of these highlights as a run lays it out, with a file of its picture and one of its sound. */
async function reelOf(sentences: readonly number[]): Promise<string> {
  const { workspaceId } = tenant;
  const { uploadId, transcriptId } = talk;
  const ids = sentences.map((at) => highlightIds[at] ?? '');
  return house.database.prisma.$transaction(async (tx) => {
    const laying = { recording: await recordingOf(tx, uploadId), transcriptId, recipe: probeOnly };
    const planned = await cutsOfHighlights(tx, laying, { id: { in: ids } });
    const clipId = await saveReel(tx, { workspaceId, uploadId, recipe: probeOnly }, { title: 'Highlights', planned });
    const { id: artifactId } = await tx.artifact.findFirstOrThrow({ where: { uploadId }, select: { id: true } });
    const file = { workspaceId, clipId, captionStyle: 'SIDECAR', artifactId, revision: 1 } as const;
    const presets = ['LANDSCAPE_720P', 'AUDIO_ONLY'] as const;
    await tx.rendition.createMany({ data: presets.map((preset) => ({ ...file, preset })), skipDuplicates: true });
    return clipId;
  });
}

async function change(sentence: number, more: Partial<UpdateHighlightInput>): Promise<void> {
  const id = highlightIds[sentence] ?? '';
  const { revision } = await house.database.prisma.highlight.findUniqueOrThrow({ where: { id } });
  const input = { highlightId: globalId('Highlight', id), baseRevision: revision, ...more };
  expect((await house.send(changeDocument, { input })).data.updateHighlight?.errors).toEqual([]);
}

async function read(clipId: string) {
  const { data, errors } = await house.send(reelDocument, { id: globalId('Clip', clipId) });
  expect(errors).toBeUndefined();
  if (!data.node || !('cuts' in data.node)) throw new Error('the reel is not found');
  return data.node;
}

async function captionOrders(): Promise<number> {
  const { rowCount } = await house.database.pool.query('select 1 from graphile_worker._private_jobs where key = $1', [
    `captions:${talk.transcriptId}`,
  ]);
  return rowCount ?? 0;
}
