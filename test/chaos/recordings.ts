import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { ffmpegForTests } from '../support/media.ts';
import { spoken, writeTones } from '../support/tones.ts';
import type { Dice } from './dice.ts';

/** Small talks, each with bytes of its own. */
export interface Recordings {
  /** A talk that nobody has sent before. */
  next(): Buffer;
}

const sentences = [
  'alpha bravo charlie delta echo',
  'foxtrot golf hotel india juliett',
  'kilo lima mike november oscar papa',
  'papa oscar november mike',
  'lima kilo juliett india',
  'hotel golf foxtrot echo',
  'delta charlie bravo alpha',
] as const;

/** Lengths of the variants in sentences, a good two seconds each. */
const variants = [4, 5, 6, 7] as const;

/** Makes the variants below `folder`, with pictures so small that their clips are encoded in a second or two. */
export async function openRecordings(folder: (name: string) => string, dice: Dice): Promise<Recordings> {
  const made = await Promise.all(variants.map((count) => make(folder(`talk-${count}`), count)));
  const talks: [Buffer, ...Buffer[]] = [made[0] ?? Buffer.alloc(0), ...made.slice(1)];
  let sent = 0;
  return {
    next: () => {
      sent += 1;
      return Buffer.concat([dice.pick(talks), freeBox(`recording ${sent}`)]);
    },
  };
}

async function make(file: string, count: number): Promise<Buffer> {
  const { ffmpeg } = (await ffmpegForTests()).tools;
  const tones = sentences.slice(0, count).flatMap((words, at) => spoken(400 + at * 2_500, words));
  const durationMs = 400 + count * 2_500;
  await writeTones(`${file}.wav`, tones, durationMs);
  const picture = `testsrc2=s=192x108:r=10:d=${durationMs / 1000}`;
  await promisify(execFile)(ffmpeg, [
    ...words`-v error -nostdin -y -f lavfi -i ${picture} -i ${file}.wav`,
    ...words`-c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac -b:a 96k ${file}.mp4`,
  ]);
  return readFile(`${file}.mp4`);
}

const words = (text: TemplateStringsArray, ...values: string[]): string[] => String.raw(text, ...values).split(' ');

/** A box of MP4 that means nothing: other bytes, the same recording. */
function freeBox(text: string): Buffer {
  const box = Buffer.alloc(8 + Buffer.byteLength(text));
  box.writeUInt32BE(box.length, 0);
  box.write('free', 4);
  box.write(text, 8);
  return box;
}
