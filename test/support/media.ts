import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { envFrom } from '#base/env.ts';
import { openLog } from '#base/log.ts';
import { type Ffmpeg, openFfmpeg } from '#media/ffmpeg.ts';
import { findTools, type Tools } from '#media/tools.ts';

const execute = promisify(execFile);

const log = openLog('error');
let found: Promise<Tools> | undefined;

/** ffmpeg as the environment gives it: FFMPEG_PATH and FFPROBE_PATH run the same tests on another build. */
export const ffmpegForTests = async (concurrency = 2): Promise<Ffmpeg> =>
  openFfmpeg(await (found ??= findTools(envFrom(), log)), { concurrency, log });

/** A signal that is never aborted. */
export const calm = (): AbortSignal => new AbortController().signal;

/** Counts frames in the picture: column n of sixteen is white when bit n of the frame's number is set. */
const counter = (size: string, seconds: number) =>
  `color=c=black:s=${size}:r=30:d=${seconds},format=gray,` +
  "geq=lum='if(mod(floor(N/pow(2,floor(X*16/W))),2),235,16)',format=yuv420p";
/** A 5 ms tick at each whole second. */
const ticks = 'if(lt(mod(t,1),0.005),0.8*sin(2*PI*1000*t),0)';
/** Two seconds of voice-like noise in syllables, then 0.7 s of quiet room. */
const talk = 'if(lt(mod(t,2.7),2),0.12*(random(0)-0.5)*(1+sin(2*PI*4*t)),0)+0.0006*(random(1)-0.5)';
const sound = (expression: string, seconds: number, rate = 48_000) => `aevalsrc='${expression}':s=${rate}:d=${seconds}`;

const picture = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '250', '-pix_fmt', 'yuv420p'];
const lavfi = (graph: string) => ['-f', 'lavfi', '-i', graph];

/** The recordings, as what makes them. Each is made once per machine and shared by all tests. */
const recipes = {
  /** 12 s, numbered frames, ticks; key frames 8.3 s apart. */
  'counted.mp4': [
    ...lavfi(counter('320x180', 12)),
    ...lavfi(sound(ticks, 12)),
    ...picture,
    '-c:a',
    'aac',
    '-b:a',
    '128k',
  ],
  /** 14 s, test picture, talk with five pauses, index first. */
  'talk.mp4': [
    ...lavfi('testsrc2=s=640x360:r=25:d=14'),
    ...lavfi(sound(talk, 14)),
    ...picture,
    '-c:a',
    'aac',
    '-movflags',
    '+faststart',
  ],
  'talk.wav': lavfi(sound(talk, 14)),
  'talk.mp3': [...lavfi(sound(talk, 14)), '-c:a', 'libmp3lame', '-b:a', '64k'],
  'ticks.mp3': [...lavfi(sound(ticks, 12)), '-c:a', 'libmp3lame', '-b:a', '64k'],
  'mute.mp4': [...lavfi('testsrc2=s=640x360:r=30:d=4'), ...picture, '-g', '30', '-movflags', '+faststart'],
  'dark-start.mp4': [...lavfi('testsrc2=s=640x360:r=25:d=6,fade=t=in:st=2:d=0.2'), ...picture],
  'talk.mkv': [...lavfi('testsrc2=s=640x360:r=25:d=14'), ...lavfi(sound(talk, 14)), ...picture, '-c:a', 'flac'],
  'silent.wav': [...lavfi('anullsrc=r=16000:cl=mono'), '-t', '3'],
} as const satisfies Record<string, readonly string[]>;

export type RecordingName = keyof typeof recipes;

/** Path of a small recording; made by the first who asks. */
export async function recording(name: RecordingName): Promise<string> {
  const { ffmpeg } = (await ffmpegForTests()).tools;
  return await made(ffmpeg, name, recipes[name]);
}

/** Path of a recording made with `options`, which are the last word of its name's identity. */
export async function made(ffmpeg: string, name: string, options: readonly string[]): Promise<string> {
  const key = createHash('sha256')
    .update(JSON.stringify([ffmpeg, options]))
    .digest('hex')
    .slice(0, 12);
  const file = path.join(tmpdir(), 'offprint-recordings', key, name);
  if (existsSync(file)) return file;
  await mkdir(path.dirname(file), { recursive: true });
  const part = path.join(path.dirname(file), `${process.pid}-${name}`);
  await execute(ffmpeg, ['-v', 'error', '-nostdin', '-y', ...options, part]);
  await rename(part, file);
  return file;
}

/** Numbers of the frames of a clip of `counted.mp4`, read back from its picture. `crop` picks the picture in the frame. */
export async function frameNumbers(ffmpeg: Ffmpeg, file: string, crop = 'iw:ih:0:0'): Promise<number[]> {
  const graph = `crop=${crop},scale=160:90:flags=area,format=gray`;
  const { stdout } = await execute(
    ffmpeg.tools.ffmpeg,
    ['-v', 'error', '-i', file, '-vf', graph, '-f', 'rawvideo', '-'],
    { encoding: 'buffer', maxBuffer: 512 * 1024 ** 2 },
  );
  const size = 160 * 90;
  return Array.from({ length: stdout.length / size }, (_, at) => numberIn(stdout.subarray(at * size, (at + 1) * size)));
}

/** A row a tenth from the top, away from captions. */
const numberIn = (frame: Buffer): number =>
  Array.from({ length: 16 }, (_, bit) => ((frame[160 * 9 + bit * 10 + 5] ?? 0) > 125 ? 2 ** bit : 0)).reduce(
    (a, b) => a + b,
  );

/** Samples of a file's sound as 48 kHz mono, -1 to 1. `options` stand before the input. */
export async function samplesOf(ffmpeg: Ffmpeg, file: string, options: readonly string[] = []): Promise<Float32Array> {
  const { stdout } = await execute(
    ffmpeg.tools.ffmpeg,
    ['-v', 'error', ...options, '-i', file, '-map', '0:a:0', '-ac', '1', '-ar', '48000', '-f', 'f32le', '-'],
    { encoding: 'buffer', maxBuffer: 512 * 1024 ** 2 },
  );
  return new Float32Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.length));
}

/** Milliseconds at which ticks begin. */
export function tickTimes(samples: Float32Array): number[] {
  const times: number[] = [];
  for (const [at, value] of samples.entries()) {
    const ms = at / 48;
    if (Math.abs(value) > 0.1 && ms - (times.at(-1) ?? -500) > 400) times.push(ms);
  }
  return times;
}

/** One frame as gray pixels. `options` stand before the input. */
export async function grayFrame(ffmpeg: Ffmpeg, file: string, options: readonly string[] = []): Promise<Buffer> {
  const { stdout } = await execute(
    ffmpeg.tools.ffmpeg,
    ['-v', 'error', ...options, '-i', file, '-frames:v', '1', '-pix_fmt', 'gray', '-f', 'rawvideo', '-'],
    { encoding: 'buffer', maxBuffer: 64 * 1024 ** 2 },
  );
  return stdout;
}

/** A truncated copy of a recording, as an interrupted upload leaves it. */
export const firstPart = async (file: string, share: number): Promise<Buffer> => {
  const bytes = await readFile(file);
  return bytes.subarray(0, Math.floor(bytes.length * share));
};
