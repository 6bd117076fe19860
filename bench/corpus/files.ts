import { writeFileSync } from 'node:fs';
import type { Spoken } from './truth.ts';

/** Writes samples as a WAV file, 16 bit mono. */
export function writeWav(file: string, samples: Int16Array, rate: number): void {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.byteLength, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.byteLength, 40);
  writeFileSync(file, Buffer.concat([header, Buffer.from(samples.buffer)]));
}

/** Writes the words as SRT: cues of at most about 84 characters that never cross a sentence's end. */
export function writeSrt(file: string, { words, sentences }: Spoken): void {
  const cues = sentences.flatMap(({ id }) => cuesOf(words.filter(({ sentence }) => sentence === id)));
  const lines = cues.map((cue, at) => `${at + 1}\n${stamp(cue[0]?.s)} --> ${stamp(cue.at(-1)?.e)}\n${textOf(cue)}\n`);
  writeFileSync(file, lines.join('\n'));
}

type TimedWord = Spoken['words'][number];

const textOf = (words: readonly TimedWord[]): string => words.map(({ w }) => w).join(' ');

function cuesOf(words: readonly TimedWord[]): TimedWord[][] {
  const cues: TimedWord[][] = [];
  for (const word of words) {
    const cue = cues.at(-1);
    if (cue === undefined || textOf(cue).length + word.w.length > 80) cues.push([word]);
    else cue.push(word);
  }
  return cues;
}

const stamp = (seconds = 0): string =>
  new Date(Math.round(seconds * 1000)).toISOString().slice(11, 23).replace('.', ',');
