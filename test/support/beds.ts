import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ffmpegForTests } from './media.ts';

const execute = promisify(execFile);

const rate = 16_000;

/** What may sound under speech, each as samples of 16 kHz. */
export const beds = {
  brown: (samples: number) => lavfi(`anoisesrc=c=brown:r=${rate}:seed=7`, samples),
  pink: (samples: number) => lavfi(`anoisesrc=c=pink:r=${rate}:seed=7`, samples),
  white: (samples: number) => lavfi(`anoisesrc=c=white:r=${rate}:seed=7`, samples),
  hum: async (samples: number) => Float32Array.from({ length: samples }, (_, at) => hum(at / rate)),
  whistle: (samples: number) => lavfi(`sine=f=1000:r=${rate}`, samples),
  music: async (samples: number) => repeated(music, samples),
  band: async (samples: number) => plus(repeated(music, samples), repeated(drums, samples)),
} satisfies Record<string, (samples: number) => Promise<Float32Array>>;

export type Bed = keyof typeof beds;

const lavfi = (graph: string, samples: number): Promise<Float32Array> =>
  decoded(['-f', 'lavfi', '-t', String(samples / rate), '-i', graph]);

/** A low tone that swells three times a second. */
const hum = (seconds: number): number =>
  4_096 * Math.sin(2 * Math.PI * 220 * seconds) * (0.65 + 0.35 * Math.cos(2 * Math.PI * 3 * seconds));

/** The sound of what ffmpeg reads with these options: 16 kHz, one channel, in steps of 16 bit. */
export async function decoded(options: readonly string[]): Promise<Float32Array> {
  const { ffmpeg } = (await ffmpegForTests()).tools;
  const out = ['-map', '0:a:0', '-ac', '1', '-ar', String(rate), '-f', 's16le', '-'];
  const { stdout } = await execute(ffmpeg, ['-v', 'error', '-nostdin', ...options, ...out], {
    encoding: 'buffer',
    maxBuffer: 64 * 1024 ** 2,
  });
  return Float32Array.from({ length: Math.floor(stdout.length / 2) }, (_, at) => stdout.readInt16LE(2 * at));
}

const chords = [
  [220, 277, 330],
  [196, 247, 294],
  [175, 220, 262],
  [165, 208, 247],
] as const;

const loopSeconds = 8;

/** One loop after the other. */
function repeated(make: (samples: number) => Float32Array, samples: number): Float32Array {
  const loop = make(loopSeconds * rate);
  return Float32Array.from({ length: samples }, (_, at) => loop[at % loop.length] ?? 0);
}

/** Four chords of two seconds, each with eight plucked notes over it. */
function music(samples: number): Float32Array {
  const out = new Float32Array(samples);
  for (const [bar, chord] of chords.entries()) {
    for (const pitch of chord) note(out, { pitch, at: bar * 2, length: 2, volume: 0.5, fades: 1.5 });
    for (let eighth = 0; eighth < 8; eighth++) {
      const pitch = 2 * (chord[eighth % 3] ?? 0);
      note(out, { pitch, at: bar * 2 + eighth / 4, length: 0.5, volume: 0.6, fades: 0.3 });
    }
  }
  return out;
}

/** A note with six harmonics that dies away. Times in seconds. */
function note(
  out: Float32Array,
  { pitch, at, length, volume, fades }: { pitch: number; at: number; length: number; volume: number; fades: number },
): void {
  const from = Math.floor(at * rate);
  const to = Math.min(out.length, from + length * rate);
  for (let sample = from; sample < to; sample++) {
    const second = (sample - from) / rate;
    const loudness = volume * Math.min(1, second / 0.01) * Math.exp(-second / fades);
    for (let harmonic = 1; harmonic <= 6; harmonic++)
      out[sample] = (out[sample] ?? 0) + (loudness * Math.sin(2 * Math.PI * pitch * harmonic * second)) / harmonic ** 2;
  }
}

/** Two beats a second: a low one, then one with a rattle. */
function drums(samples: number): Float32Array {
  const out = new Float32Array(samples);
  let seed = 1;
  const noise = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 1_073_741_823.5 - 1;
  };
  for (let sample = 0; sample < samples; sample++) {
    const beat = Math.floor((sample * 2) / rate);
    const second = sample / rate - beat / 2;
    const rattle = beat % 2 === 1 ? Math.exp(-second / 0.05) : Math.exp(-second / 0.02) / 3;
    out[sample] = Math.sin(2 * Math.PI * 60 * second) * Math.exp(-second / 0.08) + rattle * noise();
  }
  return out;
}

const plus = (a: Float32Array, b: Float32Array): Float32Array => a.map((value, at) => value + (b[at] ?? 0));
