import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { globalId } from '#base/global-id.ts';
import { graphql } from '#generated/client/gql.ts';
import type { RecipeInput } from '#generated/client/graphql.ts';
import { type CountedHouse, openCountedHouse } from '../../support/counted-house.ts';
import { finalize, type House, openHouse, sendBytes } from '../../support/house.ts';
import { recording } from '../../support/media.ts';
import { seedTenant, seedUpload, tenantOf } from '../../support/seed.ts';
import { rowIdOf, shortClip, startTalk } from '../../support/talk-run.ts';

const planDocument = graphql(`
  query Plan($uploadId: ID!, $recipe: RecipeInput!, $fresh: Boolean! = false) {
    planRun(uploadId: $uploadId, recipe: $recipe, fresh: $fresh) {
      stages { stage action count reused estimatedSeconds estimatedCostMicros }
      estimatedSeconds
      estimatedCostMicros
      refusal { __typename code message ... on QuotaError { meter { kind limit } } }
    }
  }
`);

const correctDocument = graphql(`
  mutation Correct($input: EditTranscriptInput!) { editTranscript(input: $input) { errors { message } } }
`);

/** Plans a run; its stages in short: what is done, how many pieces there are, and how many of them are there. */
async function plan(house: House, asked: { uploadId: string; recipe: RecipeInput; fresh?: boolean }) {
  const { data, errors } = await house.send(planDocument, asked);
  expect(errors).toBeUndefined();
  if (!data.planRun) throw new Error('there is no plan');
  const { stages, ...rest } = data.planRun;
  const short = stages.map(({ stage, action, count, reused }) => [stage, `${action} ${reused}/${count}`]);
  return { stages, short: Object.fromEntries(short), ...rest };
}

const recipe: RecipeInput = {
  ...shortClip('LANDSCAPE_720P', 'SQUARE_1080P'),
  contents: [{ kind: 'LINKEDIN' }, { kind: 'TWITTER' }],
};

describe('the plan of a run', () => {
  let counted: CountedHouse;
  let uploadId: string;

  beforeAll(async () => {
    counted = await openCountedHouse();
    const { house } = counted;
    uploadId = await sendBytes(house, await readFile(await recording('talk.mp4')));
    const { run } = await finalize(house, uploadId);
    await house.follow(run?.id ?? '');
  });
  afterAll(() => counted[Symbol.asyncDispose]());

  /** Runs the recipe and gives how much more was encoded and asked than before. */
  async function spentOn(wanted: RecipeInput, more: { fresh?: boolean } = {}) {
    const before = await counted.effort();
    await counted.again(uploadId, wanted, more);
    const after = await counted.effort();
    return { encodes: after.encodes - before.encodes, requests: after.requests - before.requests };
  }

  test('computes everything before the first run, and says what it may take', async () => {
    const { short, stages, estimatedSeconds, estimatedCostMicros, refusal } = await plan(counted.house, {
      uploadId,
      recipe,
    });
    expect(short).toEqual({
      INGEST: 'REUSE 1/1',
      TRANSCRIBE: 'COMPUTE 0/1',
      HIGHLIGHT: 'COMPUTE 0/1',
      CUT: 'COMPUTE 0/2',
      WRITE: 'COMPUTE 0/2',
    });
    const dear = stages.filter(({ estimatedCostMicros: cost }) => (cost ?? 0) > 0).map(({ stage }) => stage);
    expect(dear).toEqual(expect.arrayContaining(['TRANSCRIBE', 'HIGHLIGHT', 'CUT', 'WRITE']));
    expect(estimatedSeconds).toBeGreaterThan(0);
    expect(estimatedCostMicros).toBe(stages.reduce((sum, stage) => sum + (stage.estimatedCostMicros ?? 0), 0));
    expect(refusal).toBeNull();
  });

  test('reuses everything after it, and the run does', async () => {
    expect((await spentOn(recipe)).encodes).toBe(2);
    const { short, estimatedSeconds, estimatedCostMicros } = await plan(counted.house, { uploadId, recipe });
    expect(short).toEqual({
      INGEST: 'REUSE 1/1',
      TRANSCRIBE: 'REUSE 1/1',
      HIGHLIGHT: 'REUSE 1/1',
      CUT: 'REUSE 2/2',
      WRITE: 'REUSE 2/2',
    });
    expect({ estimatedSeconds, estimatedCostMicros }).toEqual({ estimatedSeconds: 0, estimatedCostMicros: 0 });
    expect(await spentOn(recipe)).toEqual({ encodes: 0, requests: 0 });
  });

  test('computes what a changed wish touches, and the run does', async () => {
    const { clips } = shortClip('LANDSCAPE_720P', 'SQUARE_1080P', 'LANDSCAPE_1080P');
    const shaped = { ...recipe, clips: clips ?? null };
    expect((await plan(counted.house, { uploadId, recipe: shaped })).short).toMatchObject({
      HIGHLIGHT: 'REUSE 1/1',
      CUT: 'COMPUTE 2/3',
      WRITE: 'REUSE 2/2',
    });
    expect(await spentOn(shaped)).toEqual({ encodes: 1, requests: 0 });

    const burned: RecipeInput = { ...shortClip('LANDSCAPE_720P'), contents: [{ kind: 'LINKEDIN', tone: 'playful' }] };
    if (burned.clips) burned.clips.captionStyle = 'BURNED_PLAIN';
    const { short, stages } = await plan(counted.house, { uploadId, recipe: burned });
    expect(short).toEqual({
      INGEST: 'REUSE 1/1',
      TRANSCRIBE: 'REUSE 1/1',
      HIGHLIGHT: 'REUSE 1/1',
      CUT: 'COMPUTE 0/1',
      WRITE: 'COMPUTE 0/1',
    });
    expect(stages.find(({ stage }) => stage === 'CUT')?.estimatedSeconds).toBeLessThanOrEqual(7);
    expect(await spentOn(burned)).toEqual({ encodes: 1, requests: 1 });
  });

  test('makes highlights that are gone of what a model proposed, without asking again', async () => {
    const chosen: RecipeInput = { highlights: shortClip('AUDIO_ONLY').highlights ?? null };
    await counted.house.database.prisma.highlight.deleteMany({ where: { uploadId: rowIdOf(uploadId) } });
    const { short, stages } = await plan(counted.house, { uploadId, recipe: chosen });
    expect(short).toMatchObject({ HIGHLIGHT: 'COMPUTE 0/1' });
    expect(stages.find(({ stage }) => stage === 'HIGHLIGHT')).toMatchObject({ estimatedCostMicros: 0 });
    expect(await spentOn(chosen)).toEqual({ encodes: 0, requests: 0 });
    expect((await plan(counted.house, { uploadId, recipe: chosen })).short).toMatchObject({ HIGHLIGHT: 'REUSE 1/1' });
  });

  test('keeps what somebody corrected, whatever language is asked for, and the run does', async () => {
    const { house } = counted;
    const { prisma } = house.database;
    const where = { transcript: { uploadId: rowIdOf(uploadId) } };
    const { transcript, ...first } = await prisma.transcriptSegment.findFirstOrThrow({
      where: { ...where, position: 0 },
      include: { transcript: true },
    });
    const operations = [
      { replaceText: { segmentId: globalId('TranscriptSegment', first.id), text: `Truly, ${first.text}` } },
    ];
    const base = { transcriptId: globalId('Transcript', transcript.id), baseRevision: transcript.revision };
    const { data } = await house.send(correctDocument, { input: { ...base, operations } });
    expect(data.editTranscript?.errors).toEqual([]);
    const corrected = async () => (await prisma.transcriptSegment.count({ where: { ...where, edited: true } })) > 0;

    const asked: RecipeInput = { transcript: true, language: 'en' };
    expect((await plan(house, { uploadId, recipe: asked })).short).toMatchObject({ TRANSCRIBE: 'REUSE 1/1' });
    expect(await spentOn(asked)).toEqual({ encodes: 0, requests: 0 });
    expect(await corrected()).toBe(true);

    expect((await plan(house, { uploadId, recipe: asked, fresh: true })).short).toMatchObject({
      TRANSCRIBE: 'COMPUTE 0/1',
    });
    expect((await spentOn(asked, { fresh: true })).requests).toBeGreaterThan(0);
    expect(await corrected(), 'asking again replaces it').toBe(false);
  });

  test('that is to ask again computes all but the verified bytes', async () => {
    const { short } = await plan(counted.house, {
      uploadId,
      recipe: { contents: [{ kind: 'LINKEDIN' }] },
      fresh: true,
    });
    expect(short).toEqual({ INGEST: 'REUSE 1/1', TRANSCRIBE: 'COMPUTE 0/1', WRITE: 'COMPUTE 0/1' });
  });

  test('tells of the refusal that the run would meet', async () => {
    const { workspaceId } = await tenantOf(counted.house.database, 'analytical');
    const where = { id: workspaceId };
    await counted.house.database.prisma.workspace.update({ where, data: { plan: 'free' } });
    await counted.house.database.prisma.upload.update({
      where: { id: rowIdOf(uploadId) },
      data: { durationMs: 100 * 3_600_000 },
    });
    const { refusal } = await plan(counted.house, { uploadId, recipe: { ...recipe, contents: [] }, fresh: true });
    expect(refusal).toMatchObject({ __typename: 'QuotaError', code: 'QUOTA_EXCEEDED' });
  });
});

describe('without a model', () => {
  test('the plan knows what the signals choose, also the reel', async () => {
    await using house = await openHouse();
    const clips = {
      presets: ['AUDIO_ONLY' as const],
      captionStyle: 'SIDECAR' as const,
      removeSilences: true,
      reel: true,
    };
    const wanted: RecipeInput = { highlights: { count: 2, minDurationMs: 3_000, maxDurationMs: 5_000 }, clips };
    const run = await startTalk(house, { transcript: true });
    await house.follow(run.runId);
    const before = await plan(house, { uploadId: run.uploadId, recipe: wanted });
    expect(before.short).toEqual({
      INGEST: 'REUSE 1/1',
      TRANSCRIBE: 'REUSE 1/1',
      HIGHLIGHT: 'COMPUTE 0/1',
      CUT: 'COMPUTE 0/2',
      REEL: 'COMPUTE 0/1',
    });
    const again = await startTalk(house, wanted);
    await house.follow(again.runId);
    const after = await plan(house, { uploadId: again.uploadId, recipe: wanted });
    expect(after.short).toMatchObject({ HIGHLIGHT: 'REUSE 1/1', CUT: 'REUSE 2/2', REEL: 'REUSE 1/1' });
    // The other upload has the same bytes: of what they give only the rows are its own.
    expect((await plan(house, { uploadId: run.uploadId, recipe: wanted })).short).toMatchObject({
      CUT: 'REUSE 2/2',
      REEL: 'REUSE 1/1',
    });
  });
});

describe('a plan that cannot be told', () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse({ worker: false });
  });
  afterAll(() => house[Symbol.asyncDispose]());

  test('computes everything where no worker says what it works with', async () => {
    const uploadId = await seedUpload(house.database, await tenantOf(house.database, 'analytical'), {
      durationMs: 60_000,
    });
    const { short, estimatedSeconds } = await plan(house, { uploadId: globalId('Upload', uploadId), recipe });
    expect(short).toMatchObject({ INGEST: 'REUSE 1/1', TRANSCRIBE: 'COMPUTE 0/1', WRITE: 'COMPUTE 0/2' });
    expect(estimatedSeconds).toBeGreaterThan(0);
  });

  test('says nothing of seconds and costs of a recording whose length is not known, and that it is not ready', async () => {
    const tenant = await tenantOf(house.database, 'analytical');
    const uploadId = await seedUpload(house.database, tenant, { status: 'AWAITING_BYTES' });
    const told = await plan(house, { uploadId: globalId('Upload', uploadId), recipe });
    expect(told.short).toMatchObject({ INGEST: 'COMPUTE 0/1', TRANSCRIBE: 'COMPUTE 0/1' });
    expect(told).toMatchObject({
      estimatedSeconds: null,
      estimatedCostMicros: null,
      refusal: { __typename: 'GeneralError', code: 'INVALID_STATE' },
    });
  });

  test("is no plan for somebody else's upload, and a recipe that asks for nothing is refused", async () => {
    const stranger = await seedTenant(house.database, 'stranger');
    const theirs = globalId('Upload', await seedUpload(house.database, stranger));
    for (const uploadId of [theirs, globalId('Upload', crypto.randomUUID()), 'nonsense']) {
      expect(await house.send(planDocument, { uploadId, recipe })).toEqual({ data: { planRun: null } });
    }
    const { data, errors } = await house.send(planDocument, { uploadId: theirs, recipe: {} });
    expect(data.planRun).toBeNull();
    expect(errors).toMatchObject([
      { message: 'recipe: The recipe asks for nothing.', extensions: { code: 'BAD_USER_INPUT' } },
    ]);
  });
});
