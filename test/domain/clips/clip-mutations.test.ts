import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { globalId } from '#base/global-id.ts';
import { graphql } from '#generated/client/gql.ts';
import type { CreateClipInput, RenderClipInput, UpdateClipInput } from '#generated/client/graphql.ts';
import { type EditedTalk, seedTalk } from '../../support/edited-talk.ts';
import { type House, openHouse } from '../../support/house.ts';
import { tenantOf } from '../../support/seed.ts';
import { rowIdOf } from '../../support/talk-run.ts';

const createDocument = graphql(`
  mutation CreateClip($input: CreateClipInput!) {
    createClip(input: $input) {
      errors { code message path }
      clip { id title origin revision range { startMs endMs } cuts { startMs endMs } highlight { title } renditions { id } }
    }
  }
`);
const updateDocument = graphql(`
  mutation UpdateClip($input: UpdateClipInput!) {
    updateClip(input: $input) {
      errors { code message path }
      clip { title revision range { startMs endMs } renditions { captionStyle stale } }
    }
  }
`);
const renderDocument = graphql(`
  mutation RenderClip($input: RenderClipInput!) {
    renderClip(input: $input) {
      errors { code message path }
      replayed
      clip { renditions { preset captionStyle safeArea status stale } }
      run { id status stageRuns { stage subject status } }
    }
  }
`);
const renditionsDocument = graphql(`
  query ClipRenditions($id: ID!) {
    node(id: $id) { ... on Clip { renditions { preset captionStyle status progress stale } } }
  }
`);

let house: House;
let talk: EditedTalk;

beforeAll(async () => {
  house = await openHouse({ worker: false });
});
beforeEach(async () => {
  talk = await seedTalk(house.database, await tenantOf(house.database, 'analytical'));
});
afterAll(() => house[Symbol.asyncDispose]());

const clipId = (): string => globalId('Clip', talk.clipId);

async function create(source: CreateClipInput['source'], more: Partial<CreateClipInput> = {}) {
  const input = { source, idempotencyKey: crypto.randomUUID(), ...more };
  const { data, errors } = await house.send(createDocument, { input });
  expect(errors).toBeUndefined();
  return data.createClip;
}

async function update(more: Partial<UpdateClipInput>) {
  const { data, errors } = await house.send(updateDocument, { input: { clipId: clipId(), baseRevision: 1, ...more } });
  expect(errors).toBeUndefined();
  return data.updateClip;
}

async function render(more: Partial<RenderClipInput> = {}) {
  const input = { clipId: clipId(), presets: ['SQUARE_1080P' as const], idempotencyKey: crypto.randomUUID(), ...more };
  const { data, errors } = await house.send(renderDocument, { input });
  expect(errors).toBeUndefined();
  return data.renderClip;
}

async function sidecars() {
  const { data } = await house.send(renditionsDocument, { id: clipId() });
  const renditions = data.node && 'renditions' in data.node ? data.node.renditions : [];
  return renditions.filter(({ captionStyle }) => captionStyle === 'SIDECAR');
}

const free = (startMs: number, endMs: number): CreateClipInput['source'] => ({
  free: { uploadId: globalId('Upload', talk.uploadId), range: { startMs, endMs } },
});

describe('a new clip', () => {
  test('has the bounds that a person chose, save where they cut a word', async () => {
    expect(await create(free(2_500, 3_700))).toMatchObject({
      errors: [],
      clip: {
        origin: 'FREE',
        title: 'Nobody noticed it.',
        revision: 1,
        range: { startMs: 2_520, endMs: 3_720 },
        highlight: null,
        renditions: [],
      },
    });
    const { clip } = (await create(free(2_800, 3_900))) ?? {};
    expect(clip?.range.startMs).toBeLessThanOrEqual(2_700);
    expect(clip?.range.startMs).toBeGreaterThan(2_200);
  });

  test('of a highlight has its bounds and its title', async () => {
    await house.database.prisma.clip.deleteMany({ where: { id: talk.clipId } });
    const highlightId = globalId('Highlight', talk.highlightId);
    expect(await create({ highlightId })).toMatchObject({
      clip: { origin: 'HIGHLIGHT', title: 'Hours', highlight: { title: 'Hours' }, range: { startMs: 1_000 } },
    });
  });

  test('is made once under a key, and once for the same cuts', async () => {
    const idempotencyKey = crypto.randomUUID();
    const first = await create(free(2_500, 3_700), { idempotencyKey, title: 'Nobody' });
    expect(await create(free(2_500, 3_700), { idempotencyKey, title: 'Nobody' })).toEqual(first);
    const known = await create(free(2_500, 3_700));
    expect(known?.clip).toMatchObject({ id: first?.clip?.id, title: 'Nobody' });
    expect(await create(free(2_500, 3_800), { idempotencyKey })).toMatchObject({
      errors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }],
    });
  });

  test('that was there already is also the answer to its key from then on', async () => {
    const first = await create(free(2_500, 3_700));
    const idempotencyKey = crypto.randomUUID();
    const second = await create(free(2_500, 3_700), { idempotencyKey });
    expect(second?.clip?.id).toBe(first?.clip?.id);
    expect((await create(free(2_500, 3_700), { idempotencyKey }))?.clip?.id).toBe(first?.clip?.id);
  });

  test.each([
    ['is behind the end of the recording', 2_000, 60_000],
    ['is a glimpse', 2_000, 2_500],
  ])('is refused where its range %s', async (_name, startMs, endMs) => {
    expect(await create(free(startMs, endMs))).toMatchObject({
      errors: [{ code: 'INVALID_INPUT', path: ['input', 'source', 'free', 'range'] }],
      clip: null,
    });
  });

  test('needs a transcript', async () => {
    await house.database.prisma.transcript.deleteMany({ where: { id: talk.transcriptId } });
    expect(await create(free(2_500, 3_700))).toMatchObject({ errors: [{ code: 'INVALID_STATE' }] });
  });
});

describe('a changed clip', () => {
  test('with another title has the files that it had', async () => {
    expect(await update({ title: 'Three hours' })).toEqual({
      errors: [],
      clip: {
        title: 'Three hours',
        revision: 2,
        range: { startMs: 1_000, endMs: 2_200 },
        renditions: [
          { captionStyle: 'SIDECAR', stale: false },
          { captionStyle: 'BURNED_PLAIN', stale: false },
        ],
      },
    });
  });

  test('with other bounds has stale files only', async () => {
    expect(await update({ range: { startMs: 1_000, endMs: 3_800 } })).toMatchObject({
      clip: {
        revision: 2,
        range: { startMs: 1_000, endMs: 3_800 },
        renditions: [
          { captionStyle: 'SIDECAR', stale: true },
          { captionStyle: 'BURNED_PLAIN', stale: true },
        ],
      },
    });
  });

  test('is refused on top of a revision that is not the newest, and without anything to change', async () => {
    await update({ title: 'Three hours' });
    expect(await update({ title: 'Hours' })).toMatchObject({ errors: [{ code: 'STALE_REVISION' }], clip: null });
    expect(await update({ baseRevision: 2 })).toMatchObject({ errors: [{ code: 'INVALID_INPUT' }] });
  });

  test('may not become one that is there, and a reel keeps the bounds of its highlights', async () => {
    const range = { startMs: 1_000, endMs: 3_800 };
    await update({ range });
    const other = { clipId: globalId('Clip', talk.otherClipId), range };
    expect(await update(other)).toMatchObject({ errors: [{ code: 'CONFLICT' }] });
    await house.database.prisma.clip.update({ where: { id: talk.otherClipId }, data: { origin: 'REEL' } });
    expect(await update(other)).toMatchObject({ errors: [{ code: 'INVALID_STATE' }] });
  });
});

describe('rendering a clip', () => {
  test('is a run of one stage, for this clip alone', async () => {
    expect(await render({ presets: ['SQUARE_1080P', 'LANDSCAPE_720P'], captionStyle: 'BURNED_PLAIN' })).toMatchObject({
      errors: [],
      replayed: false,
      run: { status: 'QUEUED', stageRuns: [{ stage: 'CUT', subject: talk.clipId, status: 'QUEUED' }] },
      clip: {
        renditions: [
          { preset: 'LANDSCAPE_720P', captionStyle: 'SIDECAR', status: 'SUCCEEDED' },
          { preset: 'LANDSCAPE_720P', captionStyle: 'BURNED_PLAIN', safeArea: 'EVERYWHERE', status: 'QUEUED' },
          { preset: 'SQUARE_1080P', captionStyle: 'BURNED_PLAIN', status: 'QUEUED' },
        ],
      },
    });
  });

  test('again under the same key is the same run', async () => {
    const idempotencyKey = crypto.randomUUID();
    const first = await render({ idempotencyKey });
    const again = await render({ idempotencyKey });
    expect(again).toMatchObject({ replayed: true, run: { id: first?.run?.id } });
    expect(await render({ idempotencyKey, captionStyle: 'NONE' })).toMatchObject({
      errors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }],
    });
  });

  test.each(['FAILED', 'CANCELED', 'SKIPPED'] as const)(
    'that was %s leaves a file of what it shows',
    async (status) => {
      const { prisma } = house.database;
      const presets = ['LANDSCAPE_720P' as const, 'SQUARE_1080P' as const];
      const runId = rowIdOf((await render({ presets, captionStyle: 'SIDECAR' }))?.run?.id ?? '');
      await prisma.stageRun.updateMany({ where: { runId }, data: { status } });
      expect(await sidecars()).toMatchObject([
        { preset: 'LANDSCAPE_720P', status: 'SUCCEEDED', progress: 1, stale: false },
        { preset: 'SQUARE_1080P', status, progress: 0, stale: false },
      ]);
      await update({ range: { startMs: 1_000, endMs: 3_800 } });
      expect(await sidecars()).toMatchObject([{ status, stale: true }, { status }]);
    },
  );

  test('of a reel is the stage that makes reels', async () => {
    await house.database.prisma.clip.update({ where: { id: talk.clipId }, data: { origin: 'REEL' } });
    expect((await render())?.run?.stageRuns).toMatchObject([{ stage: 'REEL' }]);
  });

  test('takes of the plan what this clip takes', async () => {
    const { id } = (await render())?.run ?? {};
    const { recipe } = await house.database.prisma.run.findUniqueOrThrow({ where: { id: rowIdOf(id ?? '') } });
    expect(recipe).toMatchObject({
      render: { clipId: talk.clipId, stage: 'cut', durationMs: 1_200 },
      highlights: null,
    });
  });
});
