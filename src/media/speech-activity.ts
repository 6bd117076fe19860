import { type Span, sourceMs } from '#base/time.ts';
import { floorDb, frameMs, type Levels } from './sound-levels.ts';

/** A stretch without speech. `meanDb` is its mean level in dBFS. */
export interface Silence extends Span {
  readonly meanDb: number;
}

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
function thresholdOf(levels: ArrayLike<number>): number {
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
