import { type Span, sourceMs } from '#base/time.ts';
import { numberList } from './number-list.ts';
import { sampleRate } from './pcm.ts';

/** A stretch without speech. `meanDb` is its mean level in dBFS. */
export interface Silence extends Span {
  readonly meanDb: number;
}

/** Levels of successive 20 ms frames, in dB of full scale. */
export interface Levels {
  /** With the highs lifted: voices stand out, hum and rumble do not. */
  readonly voice: ArrayLike<number>;
  readonly plain: ArrayLike<number>;
}

export const frameMs = 20;
const frameSamples = (sampleRate * frameMs) / 1000;
const floorDb = -100;

/** Takes 16 kHz mono samples in pieces of any size and measures them frame by frame. */
export interface LevelMeter extends Levels {
  push(samples: Int16Array): void;
}

export function levelMeter(): LevelMeter {
  const [voice, plain] = [floats(), floats()];
  const open = { samples: 0, voiceEnergy: 0, plainEnergy: 0, previous: 0 };
  return {
    get voice() {
      return voice.all;
    },
    get plain() {
      return plain.all;
    },
    push(samples) {
      for (let from = 0; from < samples.length; ) {
        const to = Math.min(samples.length, from + frameSamples - open.samples);
        addEnergy(open, samples.subarray(from, to));
        from = to;
        if (open.samples < frameSamples) return;
        voice.push(decibels(open.voiceEnergy));
        plain.push(decibels(open.plainEnergy));
        Object.assign(open, { samples: 0, voiceEnergy: 0, plainEnergy: 0 });
      }
    },
  };
}

/** Of a frame that is not full yet. */
interface OpenFrame {
  samples: number;
  voiceEnergy: number;
  plainEnergy: number;
  /** The sample before. */
  previous: number;
}

/** An hour has 58 million samples: 0.3 s, because the loop touches nothing but its own numbers. */
function addEnergy(frame: OpenFrame, samples: Int16Array): void {
  let { voiceEnergy, plainEnergy, previous } = frame;
  for (let at = 0; at < samples.length; at++) {
    const sample = samples[at] ?? 0;
    const lifted = sample - 0.97 * previous;
    previous = sample;
    voiceEnergy += lifted * lifted;
    plainEnergy += sample * sample;
  }
  Object.assign(frame, { samples: frame.samples + samples.length, voiceEnergy, plainEnergy, previous });
}

const floats = () => numberList((length) => new Float32Array(length));

const decibels = (energy: number): number =>
  Math.max(floorDb, 10 * Math.log10(energy / frameSamples / 32_768 ** 2 + 1e-12));

/** Neighbours at each side that a frame is heard together with: a soft sound within a word is none by itself. */
const around = 2;

/**
 * The stretches of at least `shortestMs` that stay below a threshold which follows the recording: with pink noise at
 * -36 dB a fixed -38 dB finds no pause at all, this one all of them. Ordered, apart, inside the recording. Without a
 * difference between quiet and loud there are none (docs/quality.md says from where on).
 */
export function silencesOf({ voice, plain }: Levels, shortestMs = 300): Silence[] {
  const heard = togetherWithNeighbours(voice);
  const threshold = thresholdOf(heard);
  const quiet = stretchesBelow(heard, threshold).map((stretch) => grownOver(voice, stretch, threshold));
  const long = joined(quiet).filter(({ from, to }) => (to - from) * frameMs >= shortestMs);
  return long.map((stretch) => silence(plain, stretch));
}

/** Mean levels of each frame and its neighbours, in dB. */
function togetherWithNeighbours(levels: ArrayLike<number>): Float32Array {
  const energies = Float64Array.from(levels, (level) => 10 ** (level / 10));
  return Float32Array.from(energies, (_, at) => {
    const near = energies.subarray(Math.max(0, at - around), at + around + 1);
    return 10 * Math.log10(near.reduce((sum, energy) => sum + energy, 0) / near.length);
  });
}

/**
 * A fifth of the way from the quietest twelfth to loud speech. Digital silence says nothing about the room, so it does
 * not count. Within 9 dB there is no speech to tell from noise, and what was cut off would be words: all is sound, or,
 * when it is very quiet, all is silence.
 */
export function thresholdOf(levels: ArrayLike<number>): number {
  const heard = Float32Array.from(levels)
    .filter((level) => level > -95)
    .sort();
  const quiet = heard[Math.floor(heard.length * 0.08)] ?? floorDb;
  const loud = heard[Math.floor(heard.length * 0.9)] ?? floorDb;
  if (loud - quiet < 9) return loud < -55 ? Number.POSITIVE_INFINITY : -95;
  return quiet + 0.2 * (loud - quiet);
}

/** Frames in a row; `to` is not of them. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

function stretchesBelow(levels: ArrayLike<number>, threshold: number): Stretch[] {
  const found: Stretch[] = [];
  let from = 0;
  for (let at = 0; at <= levels.length; at++) {
    if (at < levels.length && (levels[at] ?? 0) < threshold) continue;
    if (at > from) found.push({ from, to: at });
    from = at + 1;
  }
  return found;
}

/** Loud neighbours made its first and last frames loud: it begins and ends where it is quiet by itself. */
function grownOver(voice: ArrayLike<number>, { from, to }: Stretch, threshold: number): Stretch {
  const isQuiet = (at: number): boolean => (voice[at] ?? 0) < threshold;
  let [first, end] = [from, to];
  while (first > 0 && from - first < around && isQuiet(first - 1)) first--;
  while (end < voice.length && end - to < around && isQuiet(end)) end++;
  return { from: first, to: end };
}

/** Stretches that grew into each other are one. */
function joined(stretches: readonly Stretch[]): Stretch[] {
  const apart: Stretch[] = [];
  for (const stretch of stretches) {
    const last = apart.at(-1);
    if (last && stretch.from <= last.to) apart[apart.length - 1] = { from: last.from, to: stretch.to };
    else apart.push(stretch);
  }
  return apart;
}

function silence(plain: ArrayLike<number>, { from, to }: Stretch): Silence {
  let sum = 0;
  for (let at = from; at < to; at++) sum += plain[at] ?? 0;
  const meanDb = Math.round((sum / (to - from)) * 10) / 10;
  return { startMs: sourceMs(from * frameMs), endMs: sourceMs(to * frameMs), meanDb };
}
