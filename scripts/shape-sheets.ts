import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { openFolder } from '#base/temp.ts';
import { type Span, sourceMs } from '#base/time.ts';
import { shapeOf } from '#captions/caption-layouts.ts';
import { automaticPlan } from '#media/automatic-plan.ts';
import type { CropPlan, Shape, Size } from '#media/crop-plan.ts';
import { framed } from '#media/framing.ts';
import { findLayout } from '#media/layout.ts';

const execute = promisify(execFile);
const talk = 'samples/talk.mp4';
const wide: Size = { width: 1280, height: 720 };
const small: Size = { width: 320, height: 180 };
/** Key frames of the sample are four seconds apart. */
const keyFrameMs = 4_000;

/** The sample talk, its close-up, and what it would be without its presenter, between bars and upright. */
const sources: Readonly<Record<string, { readonly filter: string; readonly size: Size; readonly atMs: number }>> = {
  lecture: { filter: 'null', size: wide, atMs: 60_000 },
  camera: { filter: 'null', size: wide, atMs: 145_000 },
  slides: { filter: 'crop=800:450:10:120,scale=1280:720', size: wide, atMs: 60_000 },
  letterbox: {
    filter: 'scale=1280:720,drawbox=h=90:t=fill:c=black,drawbox=y=630:h=90:t=fill:c=black',
    size: wide,
    atMs: 145_000,
  },
  upright: { filter: 'crop=264:468:890:120,scale=720:1280', size: { width: 720, height: 1280 }, atMs: 60_000 },
};

const frames = {
  landscape: { width: 1280, height: 720 },
  square: { width: 1080, height: 1080 },
  portrait: { width: 1080, height: 1920 },
};

/** Draws what each layout becomes in each shape by the automatic plan: one sheet in docs/images. */
async function draw(): Promise<void> {
  await using folder = await openFolder();
  const rows: string[] = [];
  for (const [name, source] of Object.entries(sources)) {
    const layout = await layoutOf(source);
    const cuts: Span[] = [{ startMs: sourceMs(source.atMs), endMs: sourceMs(source.atMs + 2_000) }];
    const plans = Object.values(frames).map((frame) => ({
      frame,
      plan: automaticPlan({ shape: shapeOf(frame), cuts, layout, changes: [], picture: source.size }),
    }));
    console.log(name, plans.map(({ plan }) => plan.kind).join(' '), layout.map(({ kind }) => kind).join(' '));
    const row = folder.file(`${name}.png`);
    await drawRow({ ...source, cuts, plans, out: row });
    rows.push(row);
  }
  const inputs = rows.flatMap((row) => ['-i', row]);
  const sheet = ['-filter_complex', `vstack=inputs=${rows.length}`, '-q:v', '4', 'docs/images/shapes.jpg'];
  await execute('ffmpeg', ['-v', 'error', '-y', ...inputs, ...sheet]);
}

async function layoutOf({ filter, size }: { filter: string; size: Size }) {
  const graph = `${filter},scale=${small.width}:${small.height}:flags=area,format=gray`;
  const read = ['-v', 'error', '-skip_frame', 'nokey', '-i', talk, '-vf', graph, '-vsync', '0', '-f', 'rawvideo', '-'];
  const { stdout } = await execute('ffmpeg', read, { encoding: 'buffer', maxBuffer: 16 * 1024 ** 2 });
  const bytes = small.width * small.height;
  const pictures = Array.from({ length: stdout.length / bytes }, (_, at) =>
    stdout.subarray(at * bytes, (at + 1) * bytes),
  );
  const timesMs = pictures.map((_, at) => sourceMs(at * keyFrameMs));
  const durationMs = pictures.length * keyFrameMs;
  return findLayout({ frames: { ...small, pictures, timesMs }, picture: size, durationMs });
}

interface Row {
  readonly filter: string;
  readonly size: Size;
  readonly atMs: number;
  readonly cuts: readonly Span[];
  readonly plans: readonly { readonly frame: Size; readonly plan: CropPlan }[];
  readonly out: string;
}

/** The source, then its shapes, all as high as the row. */
async function drawRow({ filter, size, atMs, cuts, plans, out }: Row): Promise<void> {
  const height = 360;
  const cell = `scale=-2:${height},pad=iw+16:ih+16:8:8:white,setsar=1`;
  const names = plans.map((_, at) => `[in${at}]`).join('');
  const chains = plans.map(({ frame, plan }, at) => {
    const lift = { LANDSCAPE: 0.5, SQUARE: 0.3, PORTRAIT: 0.4 }[shapeOf(frame) satisfies Shape];
    const rate = { above: 25, below: 1 };
    const chain = framed({ plan, frame, picture: size, rate, cuts, input: `in${at}`, output: `framed${at}`, lift });
    return `${chain};[framed${at}]${cell}[out${at}]`;
  });
  const graph = [
    `[0:v]${filter},setpts=N,split=${plans.length + 1}[source]${names}`,
    `[source]${cell},pad=672:ih:(ow-iw)/2:0:white[shown]`,
    ...chains,
    `[shown]${plans.map((_, at) => `[out${at}]`).join('')}hstack=inputs=${plans.length + 1}[row]`,
  ].join(';');
  const input = ['-v', 'error', '-y', '-ss', `${atMs / 1000}`, '-i', talk];
  await execute('ffmpeg', [...input, '-filter_complex', graph, '-map', '[row]', '-frames:v', '1', out]);
}

await draw();
