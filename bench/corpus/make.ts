import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { writeSrt, writeWav } from './files.ts';
import { lecture } from './lecture.ts';
import { film, refilm } from './picture.ts';
import { speech } from './speech.ts';
import { type Truth, truthShape } from './truth.ts';

// npm run corpus -- SECONDS SEED FOLDER [--sound-only | --picture FOLDER]: see README.md.

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { 'sound-only': { type: 'boolean', default: false }, picture: { type: 'string' } },
});
const [seconds, seed, folder] = [Number(positionals[0]), Number(positionals[1]), positionals[2]];
if (!(seconds >= 60) || !Number.isInteger(seed) || folder === undefined) {
  throw new Error('npm run corpus -- SECONDS SEED FOLDER [--sound-only | --picture FOLDER]');
}

const started = Date.now();
mkdirSync(folder, { recursive: true });
const { samples, rate, truth: spoken } = speech(lecture({ seconds, seed }), seconds);
const shown = values.picture === undefined ? spoken : shownIn(values.picture);
const truth: Truth = {
  seed,
  ...spoken,
  slides: shown.slides,
  camera: { x: 1416, y: 786, w: 480, h: 270 },
  frame: { w: 1920, h: 1080, fps: 30 },
};
writeWav(path.join(folder, 'lecture.wav'), samples, rate);
writeSrt(path.join(folder, 'captions.srt'), truth);
writeFileSync(path.join(folder, 'truth.json'), JSON.stringify(truth));
if (values.picture !== undefined) refilm(folder, truth, values.picture);
else if (!values['sound-only']) await film(folder, truth);
const { words, sentences, duration } = truth;
console.log(
  `${duration} s, ${words.length} words, ${sentences.length} sentences, made in ${Math.round((Date.now() - started) / 1000)} s`,
);

/** What was made of another lecture: its slides are what a repeated picture shows first. */
function shownIn(pictures: string): Truth {
  return truthShape.parse(JSON.parse(readFileSync(path.join(pictures, 'truth.json'), 'utf8')));
}
