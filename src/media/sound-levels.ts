import { numberList } from './number-list.ts';
import { sampleRate } from './pcm.ts';

/** Levels of successive 20 ms frames, in dB of full scale. */
export interface Levels {
  /** With the highs lifted: voices stand out, hum and rumble do not. */
  readonly voice: ArrayLike<number>;
  readonly plain: ArrayLike<number>;
}

export const frameMs = 20;
const frameSamples = (sampleRate * frameMs) / 1000;
/** Of digital silence. */
export const floorDb = -100;

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
