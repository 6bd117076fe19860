import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { openFolder } from '#base/temp.ts';
import { graphql } from '#generated/client/gql.ts';
import type { RecipeInput } from '#generated/client/graphql.ts';
import type { StoredRunEvent } from '#pipeline/events.ts';
import type { House } from './house.ts';
import { notedFfmpeg } from './odd-ffmpeg.ts';
import { type OpenaiServer } from './openai-server.ts';
import { eventsOf } from './run-rows.ts';
import { openSpokenHouse } from './spoken-house.ts';
import { rowIdOf, startRecording } from './talk-run.ts';

const againDocument = graphql(`
  mutation SameAgain($input: StartRunInput!) { startRun(input: $input) { errors { code message } run { id } } }
`);

/** What has been spent so far, and what came of it. */
interface Effort {
  /** Pictures encoded. */
  readonly encodes: number;
  readonly sounds: number;
  /** Calls of models. */
  readonly requests: number;
  readonly artifacts: number;
  readonly versions: number;
  readonly transcripts: number;
}

/** A house whose models and encoder are counted. */
export interface CountedHouse extends AsyncDisposable {
  readonly house: House;
  readonly openai: OpenaiServer;
  /** Sends the talk and runs a recipe over it, to its good end; gives the upload's id. */
  upload(recipe: RecipeInput): Promise<string>;
  /** Runs a recipe to its good end and gives the events. */
  again(uploadId: string, recipe: RecipeInput, more?: { fresh?: boolean }): Promise<StoredRunEvent[]>;
  effort(): Promise<Effort>;
}

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

/** Opens the house. */
export async function openCountedHouse(): Promise<CountedHouse> {
  await using cleanup = new AsyncDisposableStack();
  const tools = cleanup.use(await openFolder());
  const { house, openai } = cleanup.use(
    await openSpokenHouse({ FFMPEG_PATH: await notedFfmpeg(tools.file('ffmpeg')) }),
  );
  openai.answers.transcription = () => heard;
  const kept = cleanup.move();
  return {
    house,
    openai,
    upload: async (recipe) => {
      const { runId, uploadId } = await startRecording(house, recipe);
      await succeeded(house, runId);
      return uploadId;
    },
    again: async (uploadId, recipe, more = {}) => {
      const input = { uploadId, recipe, idempotencyKey: crypto.randomUUID(), ...more };
      const { data } = await house.send(againDocument, { input });
      expect(data.startRun?.errors).toEqual([]);
      const runId = data.startRun?.run?.id ?? '';
      await succeeded(house, runId);
      return eventsOf(house.database, rowIdOf(runId));
    },
    effort: async () => ({
      ...(await encoded(tools.file('ffmpeg'))),
      ...(await made(house)),
      requests: openai.requests.length,
    }),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

async function succeeded(house: House, runId: string): Promise<void> {
  expect((await house.follow(runId)).at(-1)).toMatchObject({ runStatus: 'SUCCEEDED', isFinal: true });
}

async function encoded(ffmpeg: string): Promise<{ encodes: number; sounds: number }> {
  // Nothing was called before the file is there.
  const calls = await readFile(`${ffmpeg}.calls`, 'utf8').catch(() => '');
  return {
    encodes: calls.split('libx264').length - 1,
    sounds: calls.split('-c:a aac').length - 1,
  };
}

async function made({ database: { prisma } }: House) {
  return {
    artifacts: await prisma.artifact.count(),
    versions: await prisma.contentVersion.count(),
    transcripts: await prisma.transcript.count(),
  };
}
