import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { z } from 'zod';
import { envFrom } from '#base/env.ts';
import { openLog } from '#base/log.ts';
import { type Folder, openFolder } from '#base/temp.ts';
import { type ClipMs, clipMs, type Span, sourceMs, type Word } from '#base/time.ts';
import { shapeOf } from '#captions/caption-layouts.ts';
import type { CaptionStyleName } from '#captions/caption-styles.ts';
import { drawnCaptions } from '#captions/drawn-captions.ts';
import { automaticPlan } from '#media/automatic-plan.ts';
import { writeBurnable } from '#media/burn.ts';
import { encodeClip, type ShapeOrder } from '#media/encode.ts';
import { type Ffmpeg, openFfmpeg } from '#media/ffmpeg.ts';
import { presets } from '#media/presets.ts';
import { probe } from '#media/probe.ts';
import { bandsOf } from '#media/stack-bands.ts';
import { findTools } from '#media/tools.ts';
import { sampleLayout, sampleTalk } from './sheets/sample-layout.ts';

const execute = promisify(execFile);
const log = openLog('error');
const { signal } = new AbortController();

const styles: readonly CaptionStyleName[] = ['PLAIN', 'BOXED', 'KARAOKE'];
const shapes = ['LANDSCAPE_1080P', 'SQUARE_1080P', 'PORTRAIT_1080P'] as const;
/** A sentence of the lecture and one of the close-up, with the frame that is shown: eyes are open. */
const moments = [
  { cut: { startMs: sourceMs(56_400), endMs: sourceMs(60_100) }, shownAtMs: 58_000 },
  { cut: { startMs: sourceMs(141_700), endMs: sourceMs(144_400) }, shownAtMs: 143_000 },
];

type Moment = (typeof moments)[number];

/**
 * Encodes two clips of the sample talk in every shape and caption style by their automatic plans, and draws a frame of
 * each into docs/images/clips.jpg: node scripts/clip-sheet.ts. Takes minutes; needs ffmpeg with libass.
 */
async function draw(): Promise<void> {
  await using folder = await openFolder();
  const ffmpeg = openFfmpeg(await findTools(envFrom(), log), { concurrency: 2, log });
  const words = await spokenWords();
  const found = await sampleLayout('null', { width: 1280, height: 720 });
  const rows: string[] = [];
  for (const style of styles) {
    for (const moment of moments) {
      const orders = await ordersOf(folder, { ...found, words, style, moment });
      rows.push(...(await stillsOf(ffmpeg, moment, orders)));
    }
  }
  const across = moments.length * shapes.length;
  const lines = styles.map((_, row) => `${names(row * across, across)}hstack=${across}[r${row}]`);
  const graph = [...lines, `${styles.map((_, row) => `[r${row}]`).join('')}vstack=${styles.length}`].join(';');
  const inputs = rows.flatMap((row) => ['-i', row]);
  await execute('ffmpeg', ['-v', 'error', '-y', ...inputs, '-filter_complex', graph, '-q:v', '4', out]);
}

const out = 'docs/images/clips.jpg';

const names = (from: number, count: number): string =>
  Array.from({ length: count }, (_, at) => `[${from + at}]`).join('');

async function spokenWords(): Promise<Word[]> {
  const truth = z.object({
    sentences: z.array(z.object({ words: z.array(z.tuple([z.string(), z.int(), z.int()])) })),
  });
  const { sentences } = truth.parse(JSON.parse(await readFile('samples/talk.truth.json', 'utf8')));
  return sentences
    .flatMap(({ words }) => words)
    .map(([text, startMs, endMs]) => ({ text, startMs: sourceMs(startMs), endMs: sourceMs(endMs) }));
}

interface Scene extends Awaited<ReturnType<typeof sampleLayout>> {
  readonly words: readonly Word[];
  readonly style: CaptionStyleName;
  readonly moment: Moment;
}

function ordersOf(folder: Folder, scene: Scene): Promise<ShapeOrder[]> {
  const { words, style, moment, layout, changes } = scene;
  const said = within(words, moment.cut);
  return Promise.all(
    shapes.map(async (preset) => {
      const { frame, lift } = presets[preset];
      const ground = { shape: shapeOf(frame), cuts: [moment.cut], layout, changes };
      const plan = automaticPlan({ ...ground, picture: { width: 1280, height: 720 } });
      const seam = plan.kind === 'STACK' ? bandsOf(frame, { ...plan, lift }).lower.y : undefined;
      const { ass } = drawnCaptions(said, { frame, style, safeArea: 'EVERYWHERE', seam, language: 'en' });
      const name = `${moment.shownAtMs}-${style}-${preset}`;
      const assFile = folder.file(`${name}.ass`);
      await writeBurnable(assFile, ass);
      return { preset, plan, assFile, out: folder.file(`${name}.mp4`) };
    }),
  );
}

const within = (words: readonly Word[], { startMs, endMs }: Span): Word<ClipMs>[] =>
  words
    .filter((word) => word.startMs >= startMs && word.endMs <= endMs)
    .map((word) => ({ ...word, startMs: clipMs(word.startMs - startMs), endMs: clipMs(word.endMs - startMs) }));

/** Encodes the shapes as the worker does; a still of each. */
async function stillsOf(ffmpeg: Ffmpeg, moment: Moment, orders: readonly ShapeOrder[]): Promise<string[]> {
  const { facts } = await probe(ffmpeg, sampleTalk, signal);
  await encodeClip(ffmpeg, { source: sampleTalk, facts, cuts: [moment.cut], shapes: orders, signal });
  const atSeconds = (moment.shownAtMs - moment.cut.startMs) / 1000;
  return Promise.all(
    orders.map(async ({ out: clip }) => {
      const seek = ['-v', 'error', '-y', '-ss', String(atSeconds), '-i', clip];
      await execute('ffmpeg', [...seek, '-vf', 'scale=-2:400,setsar=1', '-frames:v', '1', `${clip}.png`]);
      return `${clip}.png`;
    }),
  );
}

await draw();
