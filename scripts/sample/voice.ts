import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

/** Samples a second of the voice cmu_us_slt_arctic_hts. */
export const rate = 32_000;

/** One spoken sentence: its samples, cut to the speech, and its words in milliseconds from its start. */
export interface Spoken {
  readonly text: string;
  readonly samples: Int16Array;
  readonly words: readonly { readonly text: string; readonly startMs: number; readonly endMs: number }[];
}

// What is kept around the first and last word: consonants begin before and fade after the times the voice reports.
const headMs = 40;
const tailMs = 90;

/** Speaks each sentence with Festival. Throws when its words are not the words of the text. */
export async function speak(texts: readonly string[], folder: string): Promise<Spoken[]> {
  const script = path.join(folder, 'speak.scm');
  await writeFile(script, schemeOf(texts, folder));
  const { stdout } = await promisify(execFile)('festival', ['-b', script], { maxBuffer: 1 << 24 });
  const timings = stdout.split('sentence\n').slice(1);
  return Promise.all(texts.map(async (text, n) => spokenOf(text, timings[n] ?? '', await wave(folder, n))));
}

function schemeOf(texts: readonly string[], folder: string): string {
  // Festival keeps the 's of "somebody's" as a word of its own without a time: it counts as spoken with the word before.
  const prelude = `(voice_cmu_us_slt_arctic_hts)
(define (speak-to file text)
  (set! utt (utt.synth (eval (list 'Utterance 'Text text))))
  (utt.save.wave utt file 'riff)
  (format t "sentence\\n")
  (set! word (utt.relation.first utt 'Word))
  (while word
    (if (> (item.feat word "word_end") 0)
      (format t "%s %f %f\\n"
        (item.feat word "R:Token.parent.name") (item.feat word "word_start") (item.feat word "word_end")))
    (set! word (item.next word))))\n`;
  return prelude + texts.map((text, n) => `(speak-to "${path.join(folder, `${n}.wav`)}" "${text}")\n`).join('');
}

/** Samples of a RIFF file as Festival writes it: 44 bytes of header, 16 bit mono. */
async function wave(folder: string, n: number): Promise<Int16Array> {
  const bytes = await readFile(path.join(folder, `${n}.wav`));
  if (bytes.readUInt32LE(24) !== rate) throw new Error(`The voice answered at ${bytes.readUInt32LE(24)} Hz`);
  return new Int16Array(bytes.buffer.slice(bytes.byteOffset + 44, bytes.byteOffset + bytes.length));
}

function spokenOf(text: string, timing: string, samples: Int16Array): Spoken {
  const heard = timing
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
  const shown = text.split(' ');
  const same = heard.length === shown.length && shown.every((word, i) => word.replace(/[^\w']/g, '') === heard[i]?.[0]);
  if (!same) throw new Error(`Festival heard other words: ${heard.map(([word]) => word).join(' ')} (${text})`);
  const first = Number(heard[0]?.[1]) * 1000 - headMs;
  const last = Number(heard.at(-1)?.[2]) * 1000 + tailMs;
  return {
    text,
    samples: samples.slice((first * rate) / 1000, (last * rate) / 1000),
    words: heard.map(([, start, end], i) => ({
      text: shown[i] ?? '',
      startMs: Number(start) * 1000 - first,
      endMs: Number(end) * 1000 - first,
    })),
  };
}
