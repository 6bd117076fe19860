import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Ffmpeg } from '#media/ffmpeg.ts';
import { ffmpegForTests, made } from './media.ts';

const execute = promisify(execFile);

/** Four seconds in which the picture flashes and a tone sounds, both for 0.2 s, at 0.5, 1.5, 2.5 and 3.5 s. */
const flash = "color=black:s=320x180:r=30:d=4,drawbox=c=white:t=fill:enable='between(mod(n,30),15,20)'";
const beep = "aevalsrc='if(between(mod(t,1),0.5,0.7),0.5*sin(2*PI*1000*t),0)':s=48000:d=4";
const source = ['-f', 'lavfi', '-i', flash, '-f', 'lavfi', '-i', beep];
const lossless = ['-c:v', 'ffv1', '-pix_fmt', 'yuv420p', '-c:a', 'pcm_s16le'];

/** Path of those four seconds made over by `options`, in the container that the name says. */
export async function flashAndBeep(name: string, options: readonly string[]): Promise<string> {
  const { ffmpeg } = (await ffmpegForTests()).tools;
  return made(ffmpeg, name, ['-i', await made(ffmpeg, 'flash-and-beep.mkv', [...source, ...lossless]), ...options]);
}

/** When the picture turns white and when the tone begins, in milliseconds on the timeline that a player shows. */
export async function eventsOf(ffmpeg: Ffmpeg, file: string): Promise<{ flashes: number[]; beeps: number[] }> {
  return { flashes: await flashesIn(ffmpeg, file), beeps: await beepsIn(ffmpeg, file) };
}

/** When the tone begins. */
export async function beepsIn(ffmpeg: Ffmpeg, file: string): Promise<number[]> {
  const graph = 'aresample=48000:async=1:first_pts=0,aformat=channel_layouts=mono';
  const bytes = await decoded(ffmpeg, ['-i', file, '-map', '0:a:0', '-af', graph, '-f', 'f32le']);
  const samples = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  return onsets(samples, 4_800, (value) => Math.abs(value) > 0.1).map((at) => at / 48);
}

/** Twice as often as a picture of 60 frames a second changes. */
const looksPerSecond = 120;

async function flashesIn(ffmpeg: Ffmpeg, file: string): Promise<number[]> {
  const graph = `fps=${looksPerSecond}:start_time=0,scale=16:9:flags=area,format=gray`;
  const bytes = await decoded(ffmpeg, ['-i', file, '-map', '0:v:0', '-vf', graph, '-f', 'rawvideo']);
  const middles = Array.from({ length: bytes.length / 144 }, (_, at) => bytes[at * 144 + 72] ?? 0);
  return onsets(middles, 12, (value) => value > 100).map((at) => (at * 1000) / looksPerSecond);
}

/** Indexes at which something begins that was not there for `quiet` values. */
function onsets(values: Iterable<number>, quiet: number, isOn: (value: number) => boolean): number[] {
  const found: number[] = [];
  let [at, last] = [0, -Infinity];
  for (const value of values) {
    if (isOn(value)) {
      if (at - last > quiet) found.push(at);
      last = at;
    }
    at += 1;
  }
  return found;
}

async function decoded(ffmpeg: Ffmpeg, options: readonly string[]): Promise<Buffer> {
  const run = { encoding: 'buffer', maxBuffer: 256 * 1024 ** 2 } as const;
  const { stdout } = await execute(ffmpeg.tools.ffmpeg, ['-v', 'error', '-nostdin', ...options, '-'], run);
  return stdout;
}
