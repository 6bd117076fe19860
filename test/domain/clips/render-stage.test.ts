import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { graphql } from '#generated/client/gql.ts';
import type { RecipeInput } from '#generated/client/graphql.ts';
import { type CountedHouse, openCountedHouse } from '../../support/counted-house.ts';
import { shortClip } from '../../support/talk-run.ts';

const made = graphql(`
  query Renditions($id: ID!) {
    node(id: $id) {
      ... on Upload { clips { nodes { renditions { preset status file { sha256 } } } } }
    }
  }
`);

const recipe: RecipeInput = { ...shortClip('LANDSCAPE_720P'), contents: [{ kind: 'LINKEDIN' }] };

describe('another run of a recording', () => {
  let counted: CountedHouse;
  let uploadId: string;

  beforeAll(async () => {
    counted = await openCountedHouse();
    uploadId = await counted.upload(recipe);
  });
  afterAll(() => counted[Symbol.asyncDispose]());

  test('by the same recipe encodes nothing and asks nobody', async () => {
    const before = await counted.effort();
    expect(before).toMatchObject({ encodes: 1, requests: 3, versions: 1 });
    const events = await counted.again(uploadId, recipe);
    expect(await counted.effort()).toEqual(before);
    expect(events.filter(({ data }) => data.kind === 'STAGE_PROGRESS' && data.stage === 'cut')).toEqual([]);
  });

  test('with one more shape encodes that one only', async () => {
    const before = await counted.effort();
    await counted.again(uploadId, { ...recipe, ...shortClip('LANDSCAPE_720P', 'SQUARE_1080P') });
    const { sounds: _of, ...spent } = before;
    const more = { encodes: before.encodes + 1, artifacts: before.artifacts + 1 };
    expect(await counted.effort()).toMatchObject({ ...spent, ...more });
    const { data } = await counted.house.send(made, { id: uploadId });
    const renditions =
      data.node && 'clips' in data.node ? data.node.clips.nodes.flatMap((clip) => clip.renditions) : [];
    expect(renditions.map(({ preset, status }) => `${preset} ${status}`).toSorted()).toEqual([
      'LANDSCAPE_720P SUCCEEDED',
      'SQUARE_1080P SUCCEEDED',
    ]);
    expect(new Set(renditions.map(({ file }) => file?.sha256)).size).toBe(2);
  });

  test('with captions in the picture listens to nothing and chooses nothing anew', async () => {
    const before = await counted.effort();
    const clips = { presets: ['LANDSCAPE_720P' as const], removeSilences: false, reel: false };
    await counted.again(uploadId, { ...recipe, clips: { ...clips, captionStyle: 'BURNED_PLAIN' } });
    const { encodes, requests, transcripts, versions } = before;
    expect(await counted.effort()).toMatchObject({ encodes: encodes + 1, requests, transcripts, versions });
  });

  test('with other lengths of highlights chooses from what the model proposed before', async () => {
    const before = await counted.effort();
    await counted.again(uploadId, { highlights: { count: 2, minDurationMs: 3_000, maxDurationMs: 6_000 } });
    expect(await counted.effort()).toEqual(before);
  });

  test('with another tone for one post writes that post only', async () => {
    const contents = [{ kind: 'LINKEDIN' as const }, { kind: 'TWITTER' as const }];
    await counted.again(uploadId, { ...recipe, contents });
    const { requests, versions, ...rest } = await counted.effort();
    await counted.again(uploadId, {
      ...recipe,
      contents: [{ kind: 'LINKEDIN', tone: 'playful' }, { kind: 'TWITTER' }],
    });
    expect(await counted.effort()).toEqual({ ...rest, requests: requests + 1, versions: versions + 1 });
  });
});

describe('the same bytes sent again', () => {
  test('ask no model and encode nothing, though everything is there for either upload', async () => {
    await using counted = await openCountedHouse();
    await counted.upload(recipe);
    const { encodes, sounds, requests, ...before } = await counted.effort();
    await counted.upload(recipe);
    expect(await counted.effort()).toMatchObject({ encodes, sounds, requests, transcripts: 2, versions: 2 });
    expect(before).toMatchObject({ transcripts: 1, versions: 1 });
  });
});

describe('a run that is to ask again', () => {
  test('asks every model, encodes only what became another, and is what later runs build on', async () => {
    await using counted = await openCountedHouse();
    const uploadId = await counted.upload(recipe);
    const before = await counted.effort();
    await counted.again(uploadId, recipe, { fresh: true });
    const { encodes, requests, versions } = before;
    const after = await counted.effort();
    expect(after).toMatchObject({ encodes, requests: requests + 3, versions: versions + 1 });
    await counted.again(uploadId, recipe);
    expect(await counted.effort()).toEqual(after);
  });
});
