import type { Pose } from './presenter.ts';
import type { PlacedSentence, Timeline } from './timeline.ts';
import { rate } from './voice.ts';

/** Frames a second: one frame is then exactly four of the hundredths in which ASS counts. */
const fps = 25;
export const frameMs = 1000 / fps;

/** One pose for each frame: the mouth follows the loudness of the voice, the hands follow the sentences. */
export function posesOf({ samples, sentences, durationMs }: Timeline): Pose[] {
  const frames = Math.ceil(durationMs / frameMs);
  const mouths = mouthsOf(samples, frames);
  const beats = beatsOf(sentences, frames);
  const left = glided(gestures(sentences, frames, (n) => n % 4 === 0 || n % 4 === 2));
  const right = glided(gestures(sentences, frames, (n) => n % 4 === 1 || n % 4 === 2));
  return Array.from({ length: frames }, (_, n) => ({
    seconds: n / fps,
    mouth: mouths[n] ?? 0,
    left: left[n] ?? 0,
    right: right[n] ?? 0,
    beat: beats[n] ?? 0,
    blink: blinkAt(n / fps),
  }));
}

function mouthsOf(samples: Int16Array, frames: number): number[] {
  const size = rate / fps;
  const loudness = Array.from({ length: frames }, (_, n) => {
    const window = samples.subarray(n * size, (n + 1) * size);
    return Math.sqrt(window.reduce((sum, value) => sum + value * value, 0) / Math.max(1, window.length));
  });
  const loud = [...loudness].sort((a, b) => a - b)[Math.floor(frames * 0.95)] || 1;
  return loudness.map((value, n) => {
    const next = loudness[n + 1] ?? value;
    return Math.min(1, (0.65 * value + 0.35 * next) / loud) ** 0.8;
  });
}

/** A beat on each long word: 1 at its start, gone after a third of a second. */
function beatsOf(sentences: readonly PlacedSentence[], frames: number): number[] {
  const beats = Array.from({ length: frames }, () => 0);
  const long = sentences.flatMap(({ words }) => words.filter((word) => word.endMs - word.startMs > 420));
  for (const { startMs } of long) {
    const first = Math.round(startMs / frameMs) - 1;
    for (let n = 0; n < 10; n++) {
      const strength = Math.sin(Math.PI * Math.min(1, (n + 1) / 10) ** 0.6);
      if (first + n < frames) beats[first + n] = Math.max(beats[first + n] ?? 0, strength);
    }
  }
  return beats;
}

/** 1 in the frames of the sentences in which this hand speaks; short sentences are left to the face. */
function gestures(sentences: readonly PlacedSentence[], frames: number, speaks: (n: number) => boolean): number[] {
  const raised = Array.from({ length: frames }, () => 0);
  for (const [n, { startMs, endMs }] of sentences.entries()) {
    if (!speaks(n) || endMs - startMs < 1800) continue;
    raised.fill(1, Math.floor((startMs + 150) / frameMs), Math.floor((endMs - 350) / frameMs));
  }
  return raised;
}

/** Eased over 0.6 s: a mean over 15 frames, twice. */
const glided = (values: readonly number[]): number[] => mean(mean(values));

function mean(values: readonly number[]): number[] {
  return values.map((_, n) => {
    const window = values.slice(Math.max(0, n - 7), n + 8);
    return window.reduce((sum, value) => sum + value, 0) / window.length;
  });
}

/** A blink of 0.2 s every 3 to 5 seconds. */
function blinkAt(seconds: number): number {
  const round = seconds % 15.4;
  return [1.2, 5.9, 9.1, 13.8].reduce((most, at) => Math.max(most, 1 - Math.abs(round - at) / 0.1), 0);
}
