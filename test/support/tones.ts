import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/**
 * A language of tones, so that tests can speak and listen without a recogniser: each word is 180 ms at its own pitch.
 * Whoever listens hears only the sound, so a wrong cut, a lost millisecond or a wrong time map shows as a wrong word or
 * time.
 */
const vocabulary =
  'alpha bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike november oscar papa'.split(' ');

export interface Tone {
  readonly word: string;
  readonly startMs: number;
  readonly endMs: number;
}

const toneMs = 180;
const rate = 16_000;
const pitchOf = (index: number): number => 400 + 100 * index;

/** Words one after the other, `gapMs` apart. */
export const spoken = (startMs: number, words: string, gapMs = 120): Tone[] =>
  words.split(' ').map((word, index) => {
    const at = startMs + index * (toneMs + gapMs);
    return { word, startMs: at, endMs: at + toneMs };
  });

/** Writes a 16 kHz mono WAV file in which these words can be heard. */
export async function writeTones(file: string, tones: readonly Tone[], durationMs: number): Promise<void> {
  const samples = new Int16Array((durationMs * rate) / 1000);
  for (const { word, startMs, endMs } of tones) {
    const pitch = pitchOf(vocabulary.indexOf(word));
    for (let at = (startMs * rate) / 1000; at < (endMs * rate) / 1000; at += 1) {
      samples[at] = Math.round(12_000 * Math.sin((2 * Math.PI * pitch * at) / rate));
    }
  }
  await writeFile(file, Buffer.concat([wavHeader(samples.byteLength), Buffer.from(samples.buffer)]));
}

function wavHeader(bytes: number): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + bytes, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(bytes, 40);
  return header;
}

/** The words in a WAV file, or in any file that this ffmpeg reads. Times are milliseconds, on a grid of 5 ms. */
export async function listen(file: string, ffmpeg = 'ffmpeg'): Promise<Tone[]> {
  const samples = file.endsWith('.wav') ? samplesOf(await readFile(file)) : await decoded(file, ffmpeg);
  return bursts(samples).map(({ from, to }) => ({
    word: vocabulary[Math.round((pitch(samples.subarray(from, to)) - 400) / 100)] ?? '?',
    startMs: Math.round((from * 1000) / rate),
    endMs: Math.round((to * 1000) / rate),
  }));
}

const samplesOf = (wav: Buffer): Int16Array => int16(wav.subarray(wav.indexOf('data') + 8));

async function decoded(file: string, ffmpeg: string): Promise<Int16Array> {
  const options = ['-v', 'error', '-i', file, '-f', 's16le', '-ar', String(rate), '-ac', '1', '-'];
  const { stdout } = await execute(ffmpeg, options, { encoding: 'buffer', maxBuffer: 512 * 1024 ** 2 });
  return int16(stdout);
}

const int16 = (bytes: Buffer): Int16Array =>
  new Int16Array(new Uint8Array(bytes.subarray(0, bytes.length & ~1)).buffer);

const frame = (5 * rate) / 1000;

function bursts(samples: Int16Array): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  let from: number | null = null;
  for (let at = 0; at <= samples.length; at += frame) {
    const loud = samples.subarray(at, at + frame).some((sample) => Math.abs(sample) > 1000);
    if (loud && from === null) from = at;
    if (loud || from === null) continue;
    found.push({ from, to: at });
    from = null;
  }
  return found;
}

/** Half the zero crossings of a second. */
function pitch(samples: Int16Array): number {
  let crossings = 0;
  for (let at = 1; at < samples.length; at += 1) crossings += Number(samples[at - 1]! < 0 !== samples[at]! < 0);
  return (crossings * rate) / (2 * samples.length);
}
