import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { ffmpegForTests } from '../support/media.ts';
import { momentOf, promptLines, wellRead } from '../support/model-answers.ts';
import type { Completion } from '../support/openai-completions.ts';
import { type Fault, type OpenaiServer, openOpenaiServer } from '../support/openai-server.ts';
import { listen } from '../support/tones.ts';
import type { Dice } from './dice.ts';

/** Words and a model that answer every question, and the ways they fail in bad weather. */
export interface Models extends AsyncDisposable {
  readonly server: OpenaiServer;
  /** Share of the requests that fail; 0 is good weather. Good weather also hangs up on everybody who was left waiting. */
  weather(share: number): void;
  /** Requests that came to harm. */
  readonly harmed: number;
}

const faults: readonly [Fault, ...Fault[]] = [
  { status: 429, code: 'rate_limit_exceeded', headers: { 'retry-after': '1' } },
  { status: 429, code: 'rate_limit_exceeded', headers: { 'retry-after': '2' } },
  { status: 500 },
  { status: 503 },
  'garbage',
  'empty',
  'html',
  'length',
  'reset',
  'cut',
  'hang',
];

/** Opens the models; sounds that arrive are written below `folder` while they are listened to. */
export async function openModels(folder: (name: string) => string, dice: Dice): Promise<Models> {
  const server = await openOpenaiServer({ completion: twoMoments });
  const { ffmpeg } = (await ffmpegForTests()).tools;
  let share = 0;
  let harmed = 0;
  server.answers.transcription = async ({ file }) => {
    const sound = folder(`${randomUUID()}-${file?.name}`);
    await writeFile(sound, file?.bytes ?? '');
    const heard = await listen(sound, ffmpeg);
    await rm(sound);
    const words = heard.map(({ word, startMs, endMs }) => ({ word, start: startMs / 1000, end: endMs / 1000 }));
    return { language: 'english', words };
  };
  server.weather(() => {
    if (!dice.chance(share)) return null;
    harmed += 1;
    return dice.pick(faults);
  });
  return {
    server,
    weather: (wanted) => {
      share = wanted;
      if (share === 0) server.hangUp();
    },
    get harmed() {
      return harmed;
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** Two clips are worth more than one here: the first half of the talk, and the second. */
function twoMoments(asked: Completion): unknown {
  if (asked.schemaName !== 'moments') return wellRead(asked);
  const ids = promptLines(asked.prompt).map(({ id }) => id);
  const middle = Math.ceil(ids.length / 2);
  const halves = [ids.slice(0, middle), ids.slice(middle)].filter((half) => half.length > 0);
  return { moments: halves.map((half) => momentOf(half[0] ?? 0, half.at(-1) ?? 0)), subjects: [] };
}
