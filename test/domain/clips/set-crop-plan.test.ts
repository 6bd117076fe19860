import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { globalId } from '#base/global-id.ts';
import { graphql } from '#generated/client/gql.ts';
import type { CropPlanInput, Shape } from '#generated/client/graphql.ts';
import type { MediaFacts } from '#media/probe.ts';
import { type House, openHouse } from '../../support/house.ts';
import { seedDerived, seedUpload, type Tenant, tenantOf } from '../../support/seed.ts';

const plansDocument = graphql(`
  query CropPlans($id: ID!) {
    node(id: $id) {
      ... on Clip {
        revision
        cropPlans {
          shape origin
          plan {
            __typename
            ... on FitPlan { within { x y width height } }
            ... on TrackPlan { keys { atMs x cut } }
            ... on StackPlan { upper { x y width height } lower { x y width height } }
          }
        }
      }
    }
  }
`);

const setDocument = graphql(`
  mutation ChoosePlan($input: SetCropPlanInput!) {
    setCropPlan(input: $input) { errors { code message path } clip { revision } }
  }
`);

let house: House;
let tenant: Tenant;
let clipId: string;
let uploadId: string;
beforeAll(async () => {
  house = await openHouse({ worker: false });
  tenant = await tenantOf(house.database, 'analytical');
});
afterAll(() => house[Symbol.asyncDispose]());

beforeEach(async () => {
  uploadId = await seedUpload(house.database, tenant);
  const derived = await seedDerived(house.database, tenant, { uploadId });
  clipId = derived.Clip ?? '';
  await isRecording({ width: 1920, height: 1080 });
});

/** Gives the upload verified bytes of this size. */
async function isRecording(size: { width: number; height: number } | null) {
  const { prisma } = house.database;
  const video = size && { codec: 'h264', frameRate: 30, rotation: 0, variableFrameRate: false, ...size };
  const media: MediaFacts = { durationMs: 60_000, container: 'mp4', bitrate: null, video, audio: null };
  const { workspaceId } = tenant;
  const artifact = await prisma.artifact.create({
    data: {
      workspaceId,
      uploadId,
      media,
      bucket: 'uploads',
      contentType: 'video/mp4',
      sizeBytes: 1,
      artifactKey: crypto.randomUUID(),
      storageKey: crypto.randomUUID(),
      sha256: 'b'.repeat(64),
    },
  });
  await prisma.upload.update({ where: { id: uploadId }, data: { sourceArtifactId: artifact.id } });
}

async function choose(shape: Shape, plan: CropPlanInput | null, baseRevision = 1) {
  const input = { clipId: globalId('Clip', clipId), shape, plan, baseRevision };
  const { data } = await house.send(setDocument, { input });
  return data?.setCropPlan;
}

async function plans() {
  const { data } = await house.send(plansDocument, { id: globalId('Clip', clipId) });
  return data?.node && 'cropPlans' in data.node ? data.node.cropPlans : [];
}

const slides = { x: 0, y: 0, width: 1416, height: 1080 };
const camera = { x: 1417, y: 787, width: 481, height: 271 };

test('a chosen plan is kept on even pixels, and makes files of its shape alone stale', async () => {
  const { prisma } = house.database;
  const own = { workspaceId: tenant.workspaceId, clipId, captionStyle: 'NONE' as const, revision: 1 };
  await prisma.rendition.updateMany({ where: { clipId }, data: { revision: 1 } });
  await prisma.rendition.create({ data: { ...own, preset: 'PORTRAIT_1080P' } });
  const chosen = await choose('PORTRAIT', { stack: { upper: slides, lower: camera } });
  expect(chosen).toEqual({ errors: [], clip: { revision: 2 } });
  expect(await plans()).toEqual([
    { shape: 'LANDSCAPE', origin: 'AUTOMATIC', plan: { __typename: 'FitPlan', within: null } },
    { shape: 'SQUARE', origin: 'AUTOMATIC', plan: { __typename: 'FitPlan', within: null } },
    {
      shape: 'PORTRAIT',
      origin: 'CHOSEN',
      plan: { __typename: 'StackPlan', upper: slides, lower: { x: 1416, y: 786, width: 480, height: 270 } },
    },
  ]);
  const renditions = await prisma.rendition.findMany({ where: { clipId }, orderBy: { preset: 'asc' } });
  expect(renditions.map(({ preset, shownSince }) => [preset, shownSince])).toEqual([
    ['LANDSCAPE_720P', 1],
    ['PORTRAIT_1080P', 2],
  ]);
});

test('the same plan again changes nothing, and none gives the automatic one back', async () => {
  const track = {
    keys: [
      { atMs: 0, x: 400 },
      { atMs: 500, x: 900, cut: true },
    ],
  };
  expect((await choose('SQUARE', { track }))?.clip).toEqual({ revision: 2 });
  expect((await choose('SQUARE', { track }, 2))?.clip).toEqual({ revision: 2 });
  expect((await plans())[1]?.plan).toEqual({
    __typename: 'TrackPlan',
    keys: [{ cut: false, ...track.keys[0] }, track.keys[1]],
  });
  expect((await choose('SQUARE', null, 2))?.clip).toEqual({ revision: 3 });
  expect((await plans())[1]).toMatchObject({ origin: 'AUTOMATIC', plan: { __typename: 'FitPlan' } });
  expect((await choose('SQUARE', null, 3))?.clip).toEqual({ revision: 3 });
});

test('what a detector saw becomes a window that follows, and jumps where the scene changes', async () => {
  const own = { uploadId, workspaceId: tenant.workspaceId, posterCandidates: [] };
  await house.database.prisma.recordingAnalysis.create({ data: { ...own, scenesMs: [0, 2_900] } });
  const sightings = Array.from({ length: 12 }, (_, at) => ({ atMs: at * 500, x: at < 6 ? 500 : 1400 }));
  expect((await choose('PORTRAIT', { follow: { sightings } }))?.errors).toEqual([]);
  const keys = [
    { atMs: 0, x: 500, cut: false },
    { atMs: 2_900, x: 1400, cut: true },
  ];
  expect((await plans())[2]?.plan).toEqual({ __typename: 'TrackPlan', keys });
});

test.each([
  ['goes back in time', [1_000, 30_000, 5_000], '2'],
  ['is twice at one moment', [1_000, 1_000], '1'],
  ['is behind the end of the recording', [1_000, 2 ** 53 - 1], '1'],
])('what was seen is refused where it %s', async (_, times, place) => {
  const sightings = times.map((atMs, at) => ({ atMs, x: at === 1 ? 900 : 10 }));
  const { errors } = (await choose('PORTRAIT', { follow: { sightings } })) ?? {};
  const path = ['input', 'plan', 'follow', 'sightings', place, 'atMs'];
  expect(errors).toMatchObject([{ code: 'INVALID_INPUT', path }]);
  expect((await plans())[2]).toMatchObject({ origin: 'AUTOMATIC' });
});

test.each<[string, CropPlanInput | null, string]>([
  ['by another one', { centre: {} }, 'CHOSEN'],
  ['by the automatic one', null, 'AUTOMATIC'],
])('a stored plan that cannot be read can be replaced %s', async (_, plan, origin) => {
  const unreadable = { kind: 'TRACK', keys: [{ atMs: 0, x: null, cut: false }] };
  const own = { clipId, workspaceId: tenant.workspaceId, shape: 'PORTRAIT', origin: 'CHOSEN' } as const;
  await house.database.prisma.cropPlan.create({ data: { ...own, plan: unreadable } });
  expect(await choose('PORTRAIT', plan)).toEqual({ errors: [], clip: { revision: 2 } });
  expect((await plans())[2]).toMatchObject({ origin });
});

test('the automatic plan follows from what was found in the picture', async () => {
  const own = { workspaceId: tenant.workspaceId, uploadId, startMs: 0, endMs: 60_000, confidence: 0.9 };
  await house.database.prisma.layoutRegion.createMany({
    data: [
      { ...own, kind: 'SLIDES', ...slides },
      { ...own, kind: 'CAMERA', x: 1416, y: 786, width: 480, height: 270 },
    ],
  });
  expect((await plans()).map(({ plan }) => plan.__typename)).toEqual(['FitPlan', 'FitPlan', 'StackPlan']);
});

test.each<[string, CropPlanInput, readonly string[]]>([
  ['beyond the picture', { fit: { within: { ...slides, x: 600 } } }, ['fit', 'within']],
  ['too small', { stack: { upper: slides, lower: { ...camera, height: 8 } } }, ['stack', 'lower']],
  [
    'out of order',
    {
      track: {
        keys: [
          { atMs: 500, x: 1 },
          { atMs: 500, x: 2 },
        ],
      },
    },
    ['track', 'keys', '1', 'atMs'],
  ],
  ['beside the picture', { track: { keys: [{ atMs: 0, x: 1921 }] } }, ['track', 'keys', '0', 'x']],
])('a plan that is %s is refused, with its place', async (_, plan, place) => {
  const { errors } = (await choose('PORTRAIT', plan)) ?? {};
  expect(errors).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', 'plan', ...place] }]);
});

test('somebody who looked at an older revision is told so', async () => {
  await choose('SQUARE', { centre: {} });
  expect((await choose('PORTRAIT', { centre: {} }))?.errors).toMatchObject([{ code: 'STALE_REVISION' }]);
});

test('a recording without a picture has no plans', async () => {
  await isRecording(null);
  expect(await plans()).toEqual([]);
  expect((await choose('SQUARE', { centre: {} }))?.errors).toMatchObject([{ code: 'INVALID_STATE' }]);
});
