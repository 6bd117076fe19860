import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { openFolder } from '#base/temp.ts';
import { type Span, sourceMs } from '#base/time.ts';
import { shapeOf } from '#captions/caption-layouts.ts';
import { automaticPlan } from '#media/automatic-plan.ts';
import type { CropPlan, Shape, Size } from '#media/crop-plan.ts';
import { framed } from '#media/framing.ts';
import { sampleLayout, sampleTalk } from './sheets/sample-layout.ts';

const execute = promisify(execFile);
const wide: Size = { width: 1280, height: 720 };

interface Source {
  readonly filter: string;
  readonly size: Size;
  /** The frame that is shown. */
  readonly atMs: number;
  /** What of the recording the clip keeps; two seconds from that frame on where nothing is said. */
  readonly cut?: readonly [startMs: number, endMs: number];
}

/**
 * The sample talk, its close-up, a clip in which one becomes the other, and what it would be without its presenter,
 * between bars and upright. At these moments eyes are open.
 */
const sources: Readonly<Record<string, Source>> = {
  lecture: { filter: 'null', size: wide, atMs: 61_000 },
  camera: { filter: 'null', size: wide, atMs: 145_000 },
  changing: { filter: 'null', size: wide, atMs: 12_000, cut: [6_000, 16_000] },
  slides: { filter: 'drawbox=x=800:y=90:w=440:h=530:t=fill:c=0x141f39', size: wide, atMs: 61_000 },
  letterbox: {
    filter: 'scale=1280:720,drawbox=h=90:t=fill:c=black,drawbox=y=630:h=90:t=fill:c=black',
    size: wide,
    atMs: 145_000,
  },
  upright: { filter: 'crop=264:468:890:120,scale=720:1280', size: { width: 720, height: 1280 }, atMs: 61_000 },
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
    const { layout, changes } = await sampleLayout(source.filter, source.size);
    const [startMs, endMs] = source.cut ?? [source.atMs, source.atMs + 2_000];
    const cuts: Span[] = [{ startMs: sourceMs(startMs), endMs: sourceMs(endMs) }];
    const plans = Object.values(frames).map((frame) => ({
      frame,
      plan: automaticPlan({ shape: shapeOf(frame), cuts, layout, changes, picture: source.size }),
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
  const input = ['-v', 'error', '-y', '-ss', `${atMs / 1000}`, '-i', sampleTalk];
  await execute('ffmpeg', [...input, '-filter_complex', graph, '-map', '[row]', '-frames:v', '1', out]);
}

await draw();
