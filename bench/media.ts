import { spawnSync } from 'node:child_process';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { envFrom } from '#base/env.ts';
import { openLog } from '#base/log.ts';
import { type Folder, openFolder } from '#base/temp.ts';
import { sourceMs } from '#base/time.ts';
import { burnedCaptions } from '#domain/clips/burned-captions.ts';
import type { RecipeInput } from '#generated/client/graphql.ts';
import { writeBurnable } from '#media/burn.ts';
import { counted } from '#media/cpu-time.ts';
import { encodeClip } from '#media/encode.ts';
import { type Ffmpeg, openFfmpeg } from '#media/ffmpeg.ts';
import { presets } from '#media/presets.ts';
import { type MediaFacts, probe } from '#media/probe.ts';
import { findTools } from '#media/tools.ts';
import { wordsInClip } from '#timeline/time-map.ts';
import { truthShape } from './corpus/truth.ts';
import { timed } from './support/figures.ts';
import { watchFolder } from './support/folder-size.ts';
import { framesNamed } from './support/hand-frames.ts';
import { cutByHand, type HandOrder } from './support/hand-written.ts';
import { openHouse, startWorker } from './support/house.ts';
import { type Figure, report } from './support/report.ts';
import { finalState, sendTalk } from './support/runs.ts';
import { talkOf } from './support/talk.ts';

// What media work costs, as ratios against bare ffmpeg in the same run, on a talk of bench/corpus:
//   npm run bench:media -- --talk DIR [--clips 10] [--seconds 30] [--parts ingest,encodes,run]
//     [--at-once 2] [--plans automatic]
// `--at-once 2` makes two clips at a time: by hand with one thread each (1.43 times faster on two cores), the house with
// the encoding places that its worker has. `--plans automatic` frames them as a lecture is framed where nobody chose.

const { values } = parseArgs({
  options: {
    talk: { type: 'string' },
    clips: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '30' },
    parts: { type: 'string', default: 'ingest,encodes,run' },
    'at-once': { type: 'string', default: '1' },
    plans: { type: 'string', default: 'middle' },
  },
});
const folder = values.talk ?? '';
if (folder === '') throw new Error('Name a talk: npm run bench:media -- --talk DIR (see bench/corpus).');
const [clips, seconds, atOnce] = [Number(values.clips), Number(values.seconds), Number(values['at-once'])];
const truth = truthShape.parse(JSON.parse(await readFile(path.join(folder, 'truth.json'), 'utf8')));
const talk = talkOf(folder, truth);
const shapes = ['LANDSCAPE_1080P', 'SQUARE_1080P', 'PORTRAIT_1080P'] as const;

/** The same frames for both. */
const frames = framesNamed(values.plans);
/** As its worker has them (src/worker.ts). */
const places = envFrom().FFMPEG_CONCURRENCY ?? Math.max(1, availableParallelism() - 1);

const parts: Record<string, () => Promise<void> | void> = { ingest, encodes, run: wholeRun };
for (const part of values.parts.split(',')) await parts[part]?.();

/** `bench:ingest` is a bench of its own. */
function ingest(): void {
  const { status } = spawnSync(process.execPath, [path.join(import.meta.dirname, 'ingest.ts'), talk.file], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}

async function encodes(): Promise<void> {
  const log = openLog('error');
  const ffmpeg = openFfmpeg(await findTools(envFrom(), log), { concurrency: places, log });
  const { facts } = await probe(ffmpeg, talk.file, new AbortController().signal);
  await using scratch = await openFolder();
  const took = { ours: [] as number[], theirs: [] as number[] };
  const cpu = { ours: counted(ffmpeg), theirs: 0 };
  const byHand = async (order: HandOrder) => {
    const ms = await cutByHand(order);
    cpu.theirs += ms;
  };
  for (let clip = 0; clip < clips; clip += atOnce) {
    const some = Array.from({ length: Math.min(atOnce, clips - clip) }, (_, at) => clip + at);
    const orders = await Promise.all(some.map((one) => orderOf(scratch, { clip: one, facts, ffmpeg })));
    // In turn, so that a slow moment of the machine meets both.
    const both = [
      async () => took.theirs.push(await timed(() => Promise.all(orders.map(byHand)))),
      async () => {
        const ours = (order: HandOrder) => cutByUs(cpu.ours.ffmpeg, facts, order);
        took.ours.push(await timed(() => Promise.all(orders.map(ours))));
      },
    ];
    for (const one of (clip / atOnce) % 2 === 0 ? both : both.toReversed()) await one();
  }
  const [ours, theirs, ourCpu] = [sum(took.ours), sum(took.theirs), cpu.ours.taken()];
  const how = `${values.plans} plans, ${atOnce} at once by hand, ${places} in the house`;
  report(`Clips of ${seconds} s in ${shapes.length} shapes, captions in the picture: ${clips}; ${how}`, [
    { what: 'by hand: one decode, three outputs', measured: inSeconds(theirs) },
    { what: 'ours, checked after the fact', measured: inSeconds(ours) },
    { what: 'CPU time by hand / ours', measured: `${inSeconds(cpu.theirs)} / ${inSeconds(ourCpu)}` },
    { what: 'ratio of CPU times', measured: (ourCpu / cpu.theirs).toFixed(2) },
    { what: 'ratio', measured: (ours / theirs).toFixed(2), wanted: '<= 1.15', reached: ours / theirs <= 1.15 },
  ]);
}

/** Clips lie evenly in the talk, never at a key frame's own time. */
async function orderOf(
  scratch: Folder,
  { clip, facts, ffmpeg }: { clip: number; facts: MediaFacts; ffmpeg: Ffmpeg },
): Promise<HandOrder> {
  const startSeconds = Math.floor(((facts.durationMs / 1000 - seconds) * clip) / clips) + 0.5;
  const span = { startMs: sourceMs(startSeconds * 1000), endMs: sourceMs((startSeconds + seconds) * 1000) };
  const words = wordsInClip(talk.words, [span]);
  const planning = { cuts: [span], rows: [], recording: { layout: [], changes: [], facts } };
  const look = { ...planning, captionStyle: 'BURNED_KARAOKE', safeArea: 'EVERYWHERE', words, language: 'en' } as const;
  await mkdir(scratch.file(String(clip)));
  const of = (name: string): string => scratch.file(path.join(String(clip), name));
  const made = shapes.map(async (preset) => {
    const assFile = of(`${preset}.ass`);
    await writeBurnable(assFile, burnedCaptions({ ...look, preset })?.ass ?? '');
    const out = of(`${preset}.mp4`);
    return { frame: frames[preset], maxrate: presets[preset].maxVideoBitrate, assFile, out };
  });
  return {
    ffmpeg: ffmpeg.tools.ffmpeg,
    file: talk.file,
    startSeconds,
    seconds,
    shapes: await Promise.all(made),
    threads: atOnce > 1 ? 1 : null,
    scratch: of('sound.m4a'),
  };
}

async function cutByUs(ffmpeg: Ffmpeg, facts: MediaFacts, { file, startSeconds, shapes: made }: HandOrder) {
  const span = { startMs: sourceMs(startSeconds * 1000), endMs: sourceMs((startSeconds + seconds) * 1000) };
  await encodeClip(ffmpeg, {
    source: file,
    cuts: [span],
    facts,
    shapes: shapes.map((preset, at) => ({
      preset,
      plan: frames[preset].plan,
      assFile: made[at]?.assFile ?? null,
      out: `${made[at]?.out ?? ''}.ours.mp4`,
    })),
    signal: new AbortController().signal,
  });
}

async function wholeRun(): Promise<void> {
  await using house = await openHouse();
  await using _worker = await startWorker(house, { SPEECH_TO_TEXT: 'captions', LANGUAGE_MODEL: 'extractive' });
  await using work = watchFolder(path.join(house.ground.home, 'work'));
  const recipe: RecipeInput = {
    highlights: { count: clips, minDurationMs: 15_000, maxDurationMs: 60_000 },
    clips: { presets: [...shapes], captionStyle: 'BURNED_KARAOKE', removeSilences: true, reel: true },
  };
  const { run } = await sendTalk(house, recipe, talk.file);
  const { status, tookMs } = await finalState(house, run, 12 * 3_600_000);
  if (status !== 'SUCCEEDED') throw new Error(`The run ended ${status}.`);
  const ended = await house.database.prisma.stageRun.findMany({
    where: { runId: run.id },
    orderBy: { finishedAt: 'asc' },
    select: { stage: true, finishedAt: true, run: { select: { createdAt: true } } },
  });
  const endOf = (stage: string): number => {
    const first = ended.find((each) => each.stage === stage);
    return (first?.finishedAt?.getTime() ?? Number.NaN) - (first?.run.createdAt.getTime() ?? 0);
  };
  const { size } = await stat(talk.file);
  report(
    `A whole run: ${(talk.durationMs / 60_000).toFixed(1)} minutes, ${clips} clips, ${shapes.length} shapes, reel`,
    [
      { what: 'read, known and cut into highlights', measured: inSeconds(endOf('highlight')) },
      { what: 'first clip in all shapes', measured: inSeconds(endOf('cut')) },
      { what: 'the whole run', measured: inSeconds(tookMs) },
      share('time to the first clip, of the whole', endOf('cut') / tookMs, 0.25),
      share("on the worker's disk at most: copy and work, of the recording's size", work.peak() / size, 1.2),
    ],
  );
}

function share(what: string, measured: number, most: number): Figure {
  const percent = (part: number): string => `${(100 * part).toFixed(0)} %`;
  return { what, measured: percent(measured), wanted: `<= ${percent(most)}`, reached: measured <= most };
}

function sum(all: readonly number[]): number {
  return all.reduce((total, value) => total + value, 0);
}

function inSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
