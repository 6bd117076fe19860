import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { burned } from '#media/burn.ts';
import { loudnessFrom } from '#media/loudness.ts';
import type { HandFrame } from './hand-frames.ts';

const execute = promisify(execFile);

/** A stretch of a recording of 1920 x 1080 at 30 frames a second as three files with captions in their pictures. */
export interface HandOrder {
  readonly ffmpeg: string;
  readonly file: string;
  readonly startSeconds: number;
  readonly seconds: number;
  readonly shapes: readonly HandShape[];
  /** Of each decoder and encoder of pictures; null leaves it to ffmpeg. */
  readonly threads: number | null;
  /** For the sound, `.m4a`. */
  readonly scratch: string;
}

interface HandShape {
  readonly frame: HandFrame;
  readonly maxrate: number;
  readonly assFile: string;
  readonly out: string;
}

const loudness = -14;

/**
 * What somebody who knows ffmpeg well would type, with the same encoder settings as ours: the sound measured once, then
 * raised, limited and encoded once; one decode of the picture, three outputs. Answers what it took of the CPU, in milliseconds.
 */
export async function cutByHand(order: HandOrder): Promise<number> {
  const { ffmpeg, file, startSeconds, seconds, shapes, threads, scratch } = order;
  let cpuMs = 0;
  const run = async (args: readonly string[]): Promise<string> => {
    const options = ['-hide_banner', '-nostdin', '-benchmark', '-y', ...args];
    const { stderr } = await execute(ffmpeg, options, { maxBuffer: 64 * 1024 ** 2 });
    cpuMs += cpuIn(stderr);
    return stderr;
  };
  const stretch = ['-ss', String(startSeconds), '-t', String(seconds), '-i', file];
  const said = await run([...stretch, '-map', '0:a:0', '-af', 'ebur128', '-f', 'null', '-']);
  const gain = loudness - (loudnessFrom(said.split('\n'))?.integrated ?? loudness);
  const level = `volume=${gain.toFixed(2)}dB,alimiter=limit=0.79:level=false,aresample=48000`;
  await run([...stretch, '-map', '0:a:0', '-af', level, '-ac', '2', ...aac, scratch]);
  const copies = shapes.map((_, at) => `[copy${at}]`).join('');
  const graph = [
    `[0:v:0]split=${shapes.length}${copies}`,
    ...shapes.flatMap(({ frame, assFile }, at) => [
      frame.filters({ input: `copy${at}`, output: `framed${at}` }),
      burned(assFile, { input: `framed${at}`, output: `picture${at}` }),
    ]),
  ].join(';');
  const each = threads === null ? [] : ['-threads', String(threads)];
  const outputs = shapes.flatMap(({ maxrate, out }, at) =>
    [
      ['-map', `[picture${at}]`, '-map', '1:a:0', '-c:a', 'copy', ...each, ...h264],
      ['-maxrate', String(maxrate), '-bufsize', String(2 * maxrate), '-movflags', '+faststart', out],
    ].flat(),
  );
  await run([...each, ...stretch, '-i', scratch, '-filter_complex', graph, ...outputs]);
  return cpuMs;
}

function cpuIn(stderr: string): number {
  const [, user, system] = /bench: utime=([\d.]+)s stime=([\d.]+)s/.exec(stderr) ?? [];
  return 1000 * (Number(user) + Number(system));
}

const aac = ['-c:a', 'aac', '-aac_coder', 'fast', '-b:a', '160000'];
const h264 = [
  '-c:v',
  'libx264',
  '-profile:v',
  'high',
  '-preset',
  'veryfast',
  '-crf',
  '21',
  '-g',
  '60',
  '-pix_fmt',
  'yuv420p',
];
