import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { graphql } from '#generated/client/gql.ts';
import type { RecipeInput } from '#generated/client/graphql.ts';
import { type House, openHouse } from '../../support/house.ts';
import { shortClip, startTalk } from '../../support/talk-run.ts';

const againDocument = graphql(`
  mutation WriteAgain($input: StartRunInput!) { startRun(input: $input) { errors { code message } run { id } } }
`);

const keptDocument = graphql(`
  query Kept($id: ID!) {
    node(id: $id) {
      ... on Upload {
        contents { nodes { kind language status failure { code message } current { number sentences { supported } } } }
        highlights { nodes { id range { startMs endMs } decision clips { id } } }
      }
    }
  }
`);

describe('stages that choose and write without a model', () => {
  let house: House;
  let uploadId: string;

  beforeAll(async () => {
    house = await openHouse();
    const run = await startTalk(house, { ...shortClip('AUDIO_ONLY'), contents: [{ kind: 'LINKEDIN' }] });
    uploadId = run.uploadId;
    await house.follow(run.runId);
  });
  afterAll(() => house[Symbol.asyncDispose]());

  /** Runs a recipe to its end and gives how it ended and what there is now. */
  async function after(recipe: RecipeInput) {
    const input = { uploadId, recipe, idempotencyKey: crypto.randomUUID() };
    const { data } = await house.send(againDocument, { input });
    expect(data.startRun?.errors).toEqual([]);
    const end = (await house.follow(data.startRun?.run?.id ?? '')).at(-1);
    return { end, ...(await kept()) };
  }

  async function kept() {
    const { data } = await house.send(keptDocument, { id: uploadId });
    if (!data.node || !('contents' in data.node)) throw new Error('the upload is not found');
    return { contents: data.node.contents.nodes, highlights: data.node.highlights.nodes };
  }

  test('write the same post once, and a new version when something was asked differently', async () => {
    const same = await after({ contents: [{ kind: 'LINKEDIN' }] });
    expect(same.contents).toMatchObject([{ kind: 'LINKEDIN', language: 'en', current: { number: 1 } }]);
    expect(same.contents[0]?.current?.sentences.every(({ supported }) => supported)).toBe(true);
    const shorter = await after({ contents: [{ kind: 'LINKEDIN', maxLength: 150 }] });
    expect(shorter.contents).toMatchObject([{ status: 'SUCCEEDED', current: { number: 2 } }]);
  });

  test('cannot write in a language that nobody spoke, and say so', async () => {
    const { end, contents } = await after({ contents: [{ kind: 'TWITTER', language: 'de' }] });
    expect(end).toMatchObject({ runStatus: 'PARTIAL', isFinal: true });
    expect(contents.find(({ kind }) => kind === 'TWITTER')).toMatchObject({
      language: 'de',
      status: 'FAILED',
      failure: { code: 'INVALID_INPUT', message: expect.stringContaining('the language of the recording (en)') },
      current: null,
    });
  });

  test('replace proposals that nobody used, and keep those that have a clip', async () => {
    const before = await kept();
    const withClips = before.highlights.filter(({ clips }) => clips.length > 0).map(({ id }) => id);
    expect(withClips).toHaveLength(1);
    const many = await after({ highlights: { count: 4, minDurationMs: 3_000, maxDurationMs: 5_000 } });
    const long = await after({ highlights: { count: 1, minDurationMs: 9_000, maxDurationMs: 14_000 } });
    const ids = (highlights: typeof before.highlights) => highlights.map(({ id }) => id);
    expect(ids(many.highlights)).toEqual(expect.arrayContaining(withClips));
    expect(many.highlights.length).toBeGreaterThan(1);
    expect(ids(long.highlights)).toEqual(expect.arrayContaining(withClips));
    expect(long.highlights.length).toBeLessThanOrEqual(2);
  });
});
