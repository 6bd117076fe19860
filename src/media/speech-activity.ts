import { type Span, sourceMs } from '#base/time.ts';

/** A stretch without speech. `meanDb` is its mean level in dBFS. */
export interface Silence extends Span {
  readonly meanDb: number;
}

/** Levels of successive 20 ms frames, in dB of full scale. */
export interface Levels {
  /** With the highs lifted: voices stand out, hum and rumble do not. */
  readonly voice: readonly number[];
  readonly plain: readonly number[];
}

export const frameMs = 20;
const sampleRate = 16_000;
const frameSamples = (sampleRate * frameMs) / 1000;
const floorDb = -100;

/** Takes 16 kHz mono s16le in pieces of any size and measures it frame by frame. */
export interface LevelMeter extends Levels {
  push(chunk: Buffer): void;
}

export function levelMeter(): LevelMeter {
  const voice: number[] = [];
  const plain: number[] = [];
  let frame = { samples: 0, voiceEnergy: 0, plainEnergy: 0 };
  let previous = 0;
  let oddByte: number | undefined;

  const take = (sample: number) => {
    const lifted = sample - 0.97 * previous;
    previous = sample;
    frame.voiceEnergy += lifted * lifted;
    frame.plainEnergy += sample * sample;
    frame.samples += 1;
    if (frame.samples < frameSamples) return;
    voice.push(decibels(frame.voiceEnergy));
    plain.push(decibels(frame.plainEnergy));
    frame = { samples: 0, voiceEnergy: 0, plainEnergy: 0 };
  };

  return {
    voice,
    plain,
    push(chunk) {
      const bytes = oddByte === undefined ? chunk : Buffer.concat([Buffer.of(oddByte), chunk]);
      const whole = bytes.length - (bytes.length % 2);
      for (let at = 0; at < whole; at += 2) take(bytes.readInt16LE(at));
      oddByte = whole < bytes.length ? bytes[whole] : undefined;
    },
  };
}

const decibels = (energy: number): number =>
  Math.max(floorDb, 10 * Math.log10(energy / frameSamples / 32_768 ** 2 + 1e-12));

/**
 * The stretches of at least `shortestMs` that stay below a threshold which follows the recording: with pink noise at
 * -36 dB a fixed -38 dB finds no pause at all, this one all of them. Ordered, apart, inside the recording.
 */
export function silencesOf({ voice, plain }: Levels, shortestMs = 300): Silence[] {
  const threshold = thresholdOf(voice);
  const found: Silence[] = [];
  let start = 0;
  for (let at = 0; at <= voice.length; at++) {
    if (at < voice.length && (voice[at] ?? 0) < threshold) continue;
    if ((at - start) * frameMs >= shortestMs) found.push(silence(plain, start, at));
    start = at + 1;
  }
  return found;
}

/**
 * Between the level of the quietest twelfth and that of loud speech. Digital silence says nothing about the room, so
 * it does not count. Without a difference between quiet and loud there is no speech to tell from noise: all is
 * sound, or, when it is very quiet, all is silence.
 */
export function thresholdOf(voice: readonly number[]): number {
  const heard = voice.filter((level) => level > -95).sort((a, b) => a - b);
  const quiet = heard[Math.floor(heard.length * 0.08)] ?? floorDb;
  const loud = heard[Math.floor(heard.length * 0.9)] ?? floorDb;
  if (loud - quiet < 6) return loud < -55 ? Number.POSITIVE_INFINITY : -95;
  return quiet + Math.max(5, 0.28 * (loud - quiet));
}

function silence(plain: readonly number[], from: number, to: number): Silence {
  const frames = plain.slice(from, to);
  const meanDb = frames.reduce((sum, level) => sum + level, 0) / frames.length;
  return { startMs: sourceMs(from * frameMs), endMs: sourceMs(to * frameMs), meanDb: Math.round(meanDb * 10) / 10 };
}
