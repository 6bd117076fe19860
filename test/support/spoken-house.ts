import { randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RecipeInput } from '#generated/client/graphql.ts';
import { finalize, type House, type HouseOptions, openHouse, sendBytes } from './house.ts';
import { ffmpegForTests } from './media.ts';
import { wellRead } from './model-answers.ts';
import { type Answers, type OpenaiServer, openOpenaiServer } from './openai-server.ts';
import { rowIdOf, type StartedRun } from './talk-run.ts';
import { listen, spoken, writeTones } from './tones.ts';

/** A house whose worker asks an OpenAI-compatible server for everything it can. */
export interface SpokenHouse extends AsyncDisposable {
  readonly house: House;
  readonly openai: OpenaiServer;
  /** Sends a recording in which words can be heard and starts a run of it. */
  readonly start: (recipe: RecipeInput) => Promise<StartedRun>;
}

/** Opens the house and the server; the models hear what is in the recording and write from its lines. */
export async function openSpokenHouse(
  env: Readonly<Record<string, string>> = {},
  log: Pick<HouseOptions, 'level' | 'logTo'> = {},
): Promise<SpokenHouse> {
  await using cleanup = new AsyncDisposableStack();
  const openai = cleanup.use(await openOpenaiServer({ completion: wellRead }));
  const house = cleanup.use(
    await openHouse({
      ...log,
      env: {
        SPEECH_TO_TEXT: 'openai',
        LANGUAGE_MODEL: 'openai',
        OPENAI_API_KEY: openai.apiKey,
        OPENAI_BASE_URL: openai.baseURL,
        RETRY_BASE_MS: '1',
        ...env,
      },
    }),
  );
  openai.answers.transcription = hearingTones(house.home);
  const kept = cleanup.move();
  return {
    house,
    openai,
    start: (recipe) => start(house, recipe),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** Six sentences of words, with pauses between them. */
const tones = [
  ...spoken(400, 'alpha bravo charlie delta echo'),
  ...spoken(2900, 'foxtrot golf hotel india juliett'),
  ...spoken(5400, 'kilo lima mike november oscar papa'),
  ...spoken(8200, 'papa oscar november mike'),
  ...spoken(10_400, 'lima kilo juliett india'),
  ...spoken(12_600, 'hotel golf foxtrot echo'),
];
const durationMs = 14_400;
/** Each recording ends a little later than the one before: what was made of the same bytes is not made again. */
let recordings = 0;

async function start(house: House, recipe: RecipeInput): Promise<StartedRun> {
  const file = path.join(house.home, 'tones.wav');
  recordings += 1;
  await writeTones(file, tones, durationMs + 10 * recordings);
  const named = { fileName: 'tones.wav', contentType: 'audio/wav' };
  const uploadId = await sendBytes(house, await readFile(file), named);
  const { run, errors } = await finalize(house, uploadId, recipe);
  if (!run) throw new Error(errors.map((error) => error.message).join('; '));
  return { runId: run.id, uploadId, id: rowIdOf(run.id), after: run.eventCursor };
}

/** Hears the words in a file that arrived, as a service would. */
const hearingTones =
  (folder: string): Answers['transcription'] =>
  async (request) => {
    const file = path.join(folder, `${randomUUID()}-${request.file?.name}`);
    await writeFile(file, request.file?.bytes ?? '');
    const heard = await listen(file, (await ffmpegForTests()).tools.ffmpeg);
    await rm(file);
    return {
      language: 'english',
      words: heard.map(({ word, startMs, endMs }) => ({ word, start: startMs / 1000, end: endMs / 1000 })),
    };
  };
