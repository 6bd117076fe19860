import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { graphql } from '#generated/client/gql.ts';
import type { GenerateContentInput, RecipeInput } from '#generated/client/graphql.ts';
import { type House, openHouse } from '../../support/house.ts';
import { shortClip, startTalk } from '../../support/talk-run.ts';

const againDocument = graphql(`
  mutation WriteAgain($input: StartRunInput!) { startRun(input: $input) { errors { code message } run { id } } }
`);

const editDocument = graphql(`
  mutation EditWritten($input: EditContentInput!) {
    editContent(input: $input) { errors { code message } version { number } }
  }
`);
const generateDocument = graphql(`
  mutation GenerateAgain($input: GenerateContentInput!) {
    generateContent(input: $input) { errors { code message } run { id } }
  }
`);
const historyDocument = graphql(`
  query History($id: ID!) {
    node(id: $id) {
      ... on Content {
        status
        current { number origin sentences { sources { range { startMs endMs } } } }
        versions { nodes { number origin } }
      }
    }
  }
`);

const keptDocument = graphql(`
  query Kept($id: ID!) {
    node(id: $id) {
      ... on Upload {
        contents { nodes { id kind language status failure { code message } current { number sentences { supported } } } }
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

  describe('beside what a person wrote', () => {
    let contentId: string;

    beforeAll(async () => {
      const { contents } = await after({ contents: [{ kind: 'LINKEDIN' }] });
      contentId = contents.find(({ kind }) => kind === 'LINKEDIN')?.id ?? '';
      await edit('What a person wrote.');
    });

    const history = async () => {
      const { data } = await house.send(historyDocument, { id: contentId });
      if (!data.node || !('versions' in data.node)) throw new Error('the post is not found');
      const { status, current, versions } = data.node;
      return { status, current, newest: versions.nodes[0] };
    };
    async function edit(text: string) {
      const { current } = await history();
      const input = { contentId, baseVersion: current?.number ?? 0, body: { linkedin: { text } } };
      expect((await house.send(editDocument, { input })).data.editContent?.errors).toEqual([]);
    }
    async function generate(more: Partial<GenerateContentInput>) {
      const input = { uploadId, contentId, recipe: { kind: 'LINKEDIN' as const }, idempotencyKey: crypto.randomUUID() };
      const { data } = await house.send(generateDocument, { input: { ...input, ...more } });
      expect(data.generateContent?.errors).toEqual([]);
      return data.generateContent?.run?.id ?? '';
    }

    test('a run that was not asked over it leaves it in force, and its own version in the history', async () => {
      const { current } = await history();
      expect(current).toMatchObject({ origin: 'EDITED' });
      await after({ contents: [{ kind: 'LINKEDIN' }] });
      expect((await history()).current).toEqual(current);
      await after({ contents: [{ kind: 'LINKEDIN', maxLength: 180 }] });
      const later = await history();
      expect(later.current).toEqual(current);
      expect(later.newest).toMatchObject({ origin: 'GENERATED', number: (current?.number ?? 0) + 1 });
    });

    test('asking for a new version replaces it, from the named highlights only', async () => {
      const { highlights } = await kept();
      const [highlight] = highlights;
      const range = highlight?.range;
      await house.follow(await generate({ highlightIds: highlights.slice(0, 1).map(({ id }) => id), fresh: true }));
      const { status, current, newest } = await history();
      expect({ status, current }).toMatchObject({ status: 'SUCCEEDED', current: { origin: 'GENERATED' } });
      expect(newest?.number).toBe(current?.number);
      const sources = (current?.sentences ?? []).flatMap((sentence) => sentence.sources);
      expect(sources.length).toBeGreaterThan(0);
      for (const source of sources) {
        expect(source.range.startMs).toBeLessThan(range?.endMs ?? 0);
        expect(source.range.endMs).toBeGreaterThan(range?.startMs ?? 0);
      }
    });
  });
});
