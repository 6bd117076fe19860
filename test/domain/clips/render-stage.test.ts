import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Folder, openFolder } from '#base/temp.ts';
import { graphql } from '#generated/client/gql.ts';
import type { RecipeInput } from '#generated/client/graphql.ts';
import { notedFfmpeg } from '../../support/odd-ffmpeg.ts';
import { eventsOf } from '../../support/run-rows.ts';
import { openSpokenHouse, type SpokenHouse } from '../../support/spoken-house.ts';
import { rowIdOf, shortClip, startTalk } from '../../support/talk-run.ts';

const againDocument = graphql(`
  mutation SameAgain($input: StartRunInput!) { startRun(input: $input) { errors { code message } run { id } } }
`);

const made = graphql(`
  query Renditions($id: ID!) {
    node(id: $id) {
      ... on Upload { clips { nodes { renditions { preset status file { sha256 } } } } }
    }
  }
`);

/** Words in each stretch of sound of the talk, as a service would hear them. */
const heard = {
  language: 'english',
  words: [0, 2.7, 5.4, 8.1, 10.8].flatMap((from) =>
    ['so', 'we', 'measured', 'every', 'byte', 'twice.'].map((word, at) => ({
      word,
      start: from + 0.2 + at * 0.3,
      end: from + 0.45 + at * 0.3,
    })),
  ),
};

const recipe: RecipeInput = { ...shortClip('LANDSCAPE_720P'), contents: [{ kind: 'LINKEDIN' }] };

describe('another run of a recording', () => {
  let spoken: SpokenHouse;
  let tools: Folder;
  let uploadId: string;

  beforeAll(async () => {
    tools = await openFolder();
    spoken = await openSpokenHouse({ FFMPEG_PATH: await notedFfmpeg(tools.file('ffmpeg')) });
    spoken.openai.answers.transcription = () => heard;
    const run = await startTalk(spoken.house, recipe);
    uploadId = run.uploadId;
    await spoken.house.follow(run.runId);
  });
  afterAll(async () => {
    await spoken[Symbol.asyncDispose]();
    await tools[Symbol.asyncDispose]();
  });

  test('by the same recipe encodes nothing and asks nobody', async () => {
    const before = await effort();
    expect(before).toMatchObject({ encodes: 1, requests: 3, versions: 1 });
    const events = await again(recipe);
    expect(await effort()).toEqual(before);
    expect(events.filter(({ data }) => data.kind === 'STAGE_PROGRESS' && data.stage === 'cut')).toEqual([]);
  });

  test('with one more shape encodes that one only', async () => {
    const before = await effort();
    await again({ ...recipe, ...shortClip('LANDSCAPE_720P', 'SQUARE_1080P') });
    const { sounds: _of, ...spent } = before;
    const more = { encodes: before.encodes + 1, artifacts: before.artifacts + 1 };
    expect(await effort()).toMatchObject({ ...spent, ...more });
    const { data } = await spoken.house.send(made, { id: uploadId });
    const renditions =
      data.node && 'clips' in data.node ? data.node.clips.nodes.flatMap((clip) => clip.renditions) : [];
    expect(renditions.map(({ preset, status }) => `${preset} ${status}`).toSorted()).toEqual([
      'LANDSCAPE_720P SUCCEEDED',
      'SQUARE_1080P SUCCEEDED',
    ]);
    expect(new Set(renditions.map(({ file }) => file?.sha256)).size).toBe(2);
  });

  test('with other lengths of highlights chooses from what the model proposed before', async () => {
    const before = await effort();
    await again({ highlights: { count: 2, minDurationMs: 3_000, maxDurationMs: 6_000 } });
    expect(await effort()).toEqual(before);
  });

  /** Runs a recipe to its good end and gives the events. */
  async function again(wanted: RecipeInput) {
    const { house } = spoken;
    const input = { uploadId, recipe: wanted, idempotencyKey: crypto.randomUUID() };
    const { data } = await house.send(againDocument, { input });
    expect(data.startRun?.errors).toEqual([]);
    const runId = data.startRun?.run?.id ?? '';
    expect((await house.follow(runId)).at(-1)).toMatchObject({ runStatus: 'SUCCEEDED', isFinal: true });
    return eventsOf(house.database, rowIdOf(runId));
  }

  /** What has been spent so far. */
  async function effort() {
    const { prisma } = spoken.house.database;
    const calls = await readFile(`${tools.file('ffmpeg')}.calls`, 'utf8');
    return {
      encodes: calls.split('\n').filter((line) => line.includes('libx264')).length,
      sounds: calls.split('\n').filter((line) => line.includes('aac')).length,
      requests: spoken.openai.requests.length,
      artifacts: await prisma.artifact.count(),
      versions: await prisma.contentVersion.count(),
      transcripts: await prisma.transcript.count(),
    };
  }
});
