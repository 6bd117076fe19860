import type { RecipeInput } from '#generated/client/graphql.ts';
import { openCountedFfmpeg } from './support/counted-ffmpeg.ts';
import { ms, percentile } from './support/figures.ts';
import { openHouse, startWorker } from './support/house.ts';
import { openModelServer } from './support/model-server.ts';
import { report } from './support/report.ts';
import { finalState, sendTalk, startRun } from './support/runs.ts';

// The same recording and recipe again, by one worker: everything is reused. Seconds of work are those from the run's
// row to its end, so they hold the queue's own waits.

const rounds = 10;

const recipe: RecipeInput = {
  highlights: { count: 2, minDurationMs: 8_000, maxDurationMs: 30_000 },
  clips: {
    presets: ['LANDSCAPE_720P', 'SQUARE_1080P'],
    captionStyle: 'BURNED_KARAOKE',
    removeSilences: true,
    reel: true,
  },
  contents: [{ kind: 'BLOG' }, { kind: 'LINKEDIN' }, { kind: 'TWITTER' }, { kind: 'INSTAGRAM' }],
};

await using house = await openHouse();
await using model = await openModelServer();
const ffmpeg = await openCountedFfmpeg(house.ground.home);
await using _worker = await startWorker(house, {
  FFMPEG_PATH: ffmpeg.program,
  OPENAI_API_KEY: 'bench',
  OPENAI_BASE_URL: model.baseUrl,
  SPEECH_TO_TEXT: 'captions',
});

const { uploadId, run } = await sendTalk(house, recipe);
const first = await finalState(house, run);
if (first.status !== 'SUCCEEDED') throw new Error(`The first run ended ${first.status}: there is nothing to reuse.`);
const once = { asked: model.asked, encoded: (await ffmpeg.runs()).length, objects: await objects() };
const states = [];
for (let round = 0; round < rounds; round += 1)
  states.push(await finalState(house, await startRun(house, uploadId, recipe)));
const again = {
  asked: model.asked - once.asked,
  encoded: (await ffmpeg.runs()).length - once.encoded,
  objects: (await objects()) - once.objects,
};
const took = states.map(({ tookMs }) => tookMs);
const slowest = percentile(took, 1);

report(`The same again (${rounds} runs)`, [
  { what: 'first run: end, time', measured: `${first.status}, ${ms(first.tookMs)}` },
  { what: 'first run: calls of the model, runs of ffmpeg, artifacts', measured: Object.values(once).join(', ') },
  { what: 'again: ends', measured: [...new Set(states.map(({ status }) => status))].join(', ') },
  { what: 'again: calls of the model', measured: `${again.asked}`, wanted: '0', reached: again.asked === 0 },
  { what: 'again: runs of ffmpeg', measured: `${again.encoded}`, wanted: '0', reached: again.encoded === 0 },
  { what: 'again: new artifacts', measured: `${again.objects}`, wanted: '0', reached: again.objects === 0 },
  {
    what: 'again: start to end, p50 / max',
    measured: `${ms(percentile(took, 0.5))} / ${ms(slowest)}`,
    wanted: '<= 1 s',
    reached: slowest <= 1_000,
  },
]);

function objects(): Promise<number> {
  return house.database.prisma.artifact.count();
}
