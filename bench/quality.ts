import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { keysOf } from '#base/record.ts';
import type { RecipeInput } from '#generated/client/graphql.ts';
import { presets } from '#media/presets.ts';
import { truthShape } from './corpus/truth.ts';
import { cutErrors } from './support/cut-errors.ts';
import { percentile } from './support/figures.ts';
import { type House, openHouse, startWorker } from './support/house.ts';
import { type ChosenPlan, filesOf, type Made, readMade } from './support/made.ts';
import { measuredFile } from './support/measured-file.ts';
import { boxOverlap, shareInside } from './support/overlap.ts';
import { openRecogniser } from './support/recogniser.ts';
import { type Figure, report } from './support/report.ts';
import { finalState, sendTalk } from './support/runs.ts';
import { type Talk, talkOf } from './support/talk.ts';
import { wordErrors } from './support/word-errors.ts';

// How good what comes out is, on talks whose every word is known (bench/corpus):
//   npm run quality -- --talk DIR [--talk DIR] [--clips 10] [--shapes PORTRAIT_1080P,SQUARE_1080P] [--parts heard,captioned]
// Twice through the real house: once heard by a recogniser that knows the talk, once with the talk's own captions.

const { values } = parseArgs({
  options: {
    talk: { type: 'string', multiple: true, default: [] },
    clips: { type: 'string', default: '10' },
    shapes: { type: 'string', default: 'LANDSCAPE_1080P,SQUARE_1080P,PORTRAIT_1080P' },
    parts: { type: 'string', default: 'heard,captioned' },
  },
});
if (values.talk.length === 0) throw new Error('Name a talk: npm run quality -- --talk DIR (see bench/corpus).');
const shapes = keysOf(presets).filter((preset) => values.shapes.split(',').includes(preset));
const mostMs = 6 * 3_600_000;

for (const folder of values.talk) {
  const truth = truthShape.parse(JSON.parse(await readFile(path.join(folder, 'truth.json'), 'utf8')));
  await measure(talkOf(folder, truth));
}

async function measure(talk: Talk): Promise<void> {
  await using house = await openHouse();
  const minutes = `${(talk.durationMs / 60_000).toFixed(1)} minutes`;
  if (values.parts.includes('heard')) {
    const made = await heardTalk(house, talk);
    report(`${talk.name}, ${minutes}, heard`, [...wordFigures(made, talk, 20), ...cutFigures(made, talk)]);
  }
  if (values.parts.includes('captioned')) {
    const { made, files, plans } = await captionedTalk(house, talk);
    report(`${talk.name}, ${minutes}, with its captions`, [
      ...wordFigures(made, talk, 500),
      ...cutFigures(made, talk),
      ...captionFigures('caption files', made.cues.files),
      ...captionFigures('captions in the picture', made.cues.burned),
      ...fileFigures(files),
      ...pictureFigures(made, talk),
      ...planFigures(plans),
    ]);
  }
}

function recipe(wanted: Pick<NonNullable<RecipeInput['clips']>, 'presets' | 'captionStyle'>): RecipeInput {
  return {
    language: 'en',
    highlights: { count: Number(values.clips), minDurationMs: 15_000, maxDurationMs: 60_000 },
    clips: { ...wanted, removeSilences: true, reel: false },
  };
}

async function heardTalk(house: House, talk: Talk): Promise<Made> {
  await using recogniser = await openRecogniser(talk);
  await using _worker = await startWorker(house, {
    SPEECH_TO_TEXT: 'openai',
    LANGUAGE_MODEL: 'extractive',
    OPENAI_API_KEY: 'known-by-heart',
    OPENAI_BASE_URL: recogniser.baseUrl,
  });
  const uploadId = await ran(house, talk, recipe({ presets: ['AUDIO_ONLY'], captionStyle: 'SIDECAR' }));
  return readMade(house, uploadId);
}

async function captionedTalk(house: House, talk: Talk) {
  await using _worker = await startWorker(house, { SPEECH_TO_TEXT: 'captions', LANGUAGE_MODEL: 'extractive' });
  const uploadId = await ran(house, talk, recipe({ presets: shapes, captionStyle: 'BURNED_KARAOKE' }));
  const { files, plans } = await filesOf(house, uploadId);
  const measured = files.map(async (file) => ({ ...file, ...(await measuredFile(file.url)) }));
  return { made: await readMade(house, uploadId), files: await Promise.all(measured), plans };
}

/** Sends the talk and waits for the end of its run; the upload's id. */
async function ran(house: House, talk: Talk, wanted: RecipeInput): Promise<string> {
  const { uploadId, run } = await sendTalk(house, wanted, talk.file);
  const { status } = await finalState(house, run, mostMs);
  if (status !== 'SUCCEEDED') throw new Error(`The run of ${talk.name} ended ${status}.`);
  return uploadId;
}

function wordFigures({ words, inventedWords }: Made, talk: Talk, mostErrorMs: number): Figure[] {
  const { equal, lost, added, startErrors } = wordErrors(words, talk.words);
  const worst = Math.max(0, ...startErrors);
  return [
    {
      what: 'words equal / lost / added, of those said',
      measured: `${equal} / ${lost} / ${added} of ${talk.words.length}`,
      wanted: 'all / 0 / 0',
      reached: equal === talk.words.length && added === 0,
    },
    {
      what: 'starts of words off by, p50 / p99 / max',
      measured: `${[0.5, 0.99].map((part) => Math.round(percentile(startErrors, part))).join(' / ')} / ${worst} ms`,
      wanted: `max <= ${mostErrorMs} ms`,
      reached: worst <= mostErrorMs,
    },
    { what: 'words dropped as invented', measured: String(inventedWords), wanted: '0', reached: inventedWords === 0 },
  ];
}

function cutFigures({ clips: made }: Made, talk: Talk): Figure[] {
  const { clips, edges, depths, startAtSentence, endAtSentence } = cutErrors(made, talk.words);
  const share = (count: number): string => `${count} of ${clips}`;
  return [
    {
      what: 'edges of cuts inside a word, of all',
      measured: `${depths.length} of ${edges}${depths.length > 0 ? `, at most ${Math.max(...depths)} ms deep` : ''}`,
      wanted: '0',
      reached: depths.length === 0,
    },
    {
      what: 'clips that start / end at a sentence',
      measured: `${share(startAtSentence)} / ${share(endAtSentence)}`,
      wanted: '>= 95 %',
      reached: Math.min(startAtSentence, endAtSentence) >= 0.95 * clips,
    },
  ];
}

/** Of a rule, how often it is broken and by how many captions; warnings are shown, faults must not be. */
function captionFigures(what: string, reports: Made['cues']['files']): Figure[] {
  const cues = reports.reduce((sum, each) => sum + each.cueCount, 0);
  const broken = reports.flatMap(({ violations }) => violations);
  const counts = new Map<string, number>();
  for (const { rule, count } of broken) counts.set(rule, (counts.get(rule) ?? 0) + count);
  const tooFast = counts.get('TOO_FAST') ?? 0;
  const listed = [...counts].map(([rule, count]) => `${rule} ${count}`).join(', ') || 'none';
  return [
    { what: `${what}: rules broken by ${cues} captions`, measured: listed },
    {
      what: `${what}: faster than 20 letters a second`,
      measured: `${tooFast} of ${cues}`,
      wanted: '0',
      reached: tooFast === 0,
    },
  ];
}

type Measured = Awaited<ReturnType<typeof captionedTalk>>['files'][number];

function fileFigures(files: readonly Measured[]): Figure[] {
  const lengths = files.map(({ durationMs, wantedMs }) => Math.abs(durationMs - wantedMs));
  return [
    {
      what: `length of ${files.length} files off by at most`,
      measured: `${Math.max(0, ...lengths).toFixed(1)} ms`,
      wanted: '<= 40 ms',
      reached: Math.max(0, ...lengths) <= 40,
    },
    ...shapes.map((preset) =>
      loudnessFigure(
        preset,
        files.filter((file) => file.preset === preset),
      ),
    ),
  ];
}

function loudnessFigure(preset: (typeof shapes)[number], files: readonly Measured[]): Figure {
  const target = presets[preset].loudness;
  const loud = files.flatMap(({ loudness }) => loudness ?? []);
  const off = loud.map(({ integrated }) => Math.abs(integrated - target));
  const peak = Math.max(...loud.map(({ truePeak }) => truePeak));
  return {
    what: `${preset}: loudness off ${target} LUFS by at most / highest true peak`,
    measured: `${Math.max(0, ...off).toFixed(1)} LU / ${peak.toFixed(1)} dBTP`,
    wanted: '<= 1 LU / <= -1 dBTP',
    reached: Math.max(0, ...off) <= 1 && peak <= -1,
  };
}

function pictureFigures({ cameras, highlights }: Made, { camera, passages }: Talk): Figure[] {
  const best = Math.max(0, ...cameras.map((found) => boxOverlap(found, camera)));
  const hit = passages.filter((passage) => highlights.some((span) => shareInside(passage, span) >= 0.8)).length;
  return [
    {
      what: 'camera found in the picture: overlap with where it is',
      measured: best.toFixed(3),
      wanted: '>= 0.9',
      reached: best >= 0.9,
    },
    { what: 'planted passages that a clip holds (at least 80 %)', measured: `${hit} of ${passages.length}` },
  ];
}

/** How the picture was framed in each shape, and in how many clips. */
function planFigures(plans: readonly ChosenPlan[]): Figure[] {
  const ofShape = Map.groupBy(plans, ({ shape }) => shape);
  return [...ofShape].map(([shape, chosen]) => {
    const counts = [...Map.groupBy(chosen, ({ plan }) => plan)].map(([plan, clips]) => `${plan} ${clips.length}`);
    return { what: `${shape}: plans chosen for ${chosen.length} clips`, measured: counts.join(', ') };
  });
}
