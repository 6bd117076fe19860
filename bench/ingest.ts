import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { envFrom } from '#base/env.ts';
import { openLog } from '#base/log.ts';
import { openFolder } from '#base/temp.ts';
import { analyse } from '#media/analysis.ts';
import { type Ffmpeg, openFfmpeg } from '#media/ffmpeg.ts';
import type { Output } from '#media/ffmpeg-job.ts';
import { hearing } from '#media/hearing.ts';
import { probe } from '#media/probe.ts';
import { stderrTail } from '#media/stderr-tail.ts';
import { findTools } from '#media/tools.ts';
import { viewing } from '#media/viewing.ts';
import { timed } from './support/figures.ts';
import { openHouse, startWorker } from './support/house.ts';
import { memoryOf } from './support/peak-memory.ts';
import { report } from './support/report.ts';
import { finalState, sendTalk } from './support/runs.ts';

// One reading of a recording against a bare ffmpeg that runs the same filters and drops what comes out; then the memory
// of a worker that ingests it. `npm run bench:ingest -- talk.mp4`; the talk must have sound and picture.

const rounds = 3;
const mostRatio = 1.15;
const mostMebibytes = 200;

const [file = ''] = process.argv.slice(2);
if (!existsSync(file)) throw new Error('Name a recording: npm run bench:ingest -- talk.mp4');
const log = openLog('error');
const ffmpeg = openFfmpeg(await findTools(envFrom(), log), { concurrency: 1, log });
const signal = new AbortController().signal;
const { facts } = await probe(ffmpeg, file, signal);
await using folder = await openFolder();
const storyboardFile = folder.file('storyboard.jpg');

const ours: number[] = [];
const theirs: number[] = [];
const theirCpu: number[] = [];
/** Of this process, without ffmpeg's. */
const cpu: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  theirs.push(await timed(async () => theirCpu.push(await bare(ffmpeg))));
  const before = process.cpuUsage();
  ours.push(await timed(() => analyse(ffmpeg, file, { facts, storyboardFile, signal })));
  const { user, system } = process.cpuUsage(before);
  cpu.push((user + system) / 1000);
}
const { above, tookMs, status } = await ingested();
if (status !== 'SUCCEEDED') throw new Error(`The run ended ${status}.`);

const minutes = (facts.durationMs / 60_000).toFixed(1);
const ratio = Math.min(...ours) / Math.min(...theirs);
report(`Ingest of ${minutes} minutes`, [
  { what: 'bare ffmpeg with the same filters, fastest of 3', measured: seconds(Math.min(...theirs)) },
  { what: 'our reading, fastest of 3', measured: seconds(Math.min(...ours)) },
  { what: 'CPU time of bare ffmpeg', measured: seconds(Math.min(...theirCpu)) },
  { what: 'CPU time that our own process adds', measured: seconds(Math.min(...cpu)) },
  { what: 'ratio', measured: ratio.toFixed(2), wanted: `<= ${mostRatio}`, reached: ratio <= mostRatio },
  { what: 'the whole stage, from its run to its end', measured: seconds(tookMs) },
  {
    what: 'peak memory of the worker above idle',
    measured: `${above.toFixed(0)} MiB`,
    wanted: `<= ${mostMebibytes} MiB`,
    reached: above <= mostMebibytes,
  },
]);

/** Gives the milliseconds of CPU time that ffmpeg says it took. */
async function bare({ tools }: Ffmpeg): Promise<number> {
  const picture = facts.video && viewing({ ...facts, picture: facts.video, storyboardFile });
  const outputs = [...hearing().outputs, ...(picture?.outputs ?? [])];
  const options = [
    '-benchmark',
    '-nostdin',
    '-y',
    ...(picture?.inputOptions ?? []),
    '-i',
    file,
    ...outputs.flatMap(dropped),
  ];
  const { stderr } = await promisify(execFile)(tools.ffmpeg, options, { maxBuffer: 64 * 1024 ** 2 });
  const said = stderrTail([]);
  for (const line of stderr.split('\n')) said.take(line);
  return said.cpuMs;
}

function dropped({ file: to, options }: Output): string[] {
  const place = to === 'null' ? ['-f', 'null', '-'] : [to === 'pipe' ? 'file:/dev/null' : to];
  return [...options, ...place];
}

async function ingested() {
  await using house = await openHouse();
  await using worker = await startWorker(house);
  const idle = await memoryOf(worker.pid);
  const { run } = await sendTalk(house, null, file);
  const end = await finalState(house, run, 600_000);
  const { peak } = await memoryOf(worker.pid);
  return { ...end, above: peak - idle.now };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
