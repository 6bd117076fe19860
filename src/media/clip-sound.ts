import { type CutList, inputsOf, reachesIn } from './cut-list.ts';
import type { Ffmpeg } from './ffmpeg.ts';
import { flags, type Job } from './ffmpeg-job.ts';
import { type Level, levelFor, levelled, limitedByPeaks, limiterDelayMs, secondLevel } from './level.ts';
import { type Loudness, loudnessFrom, meter } from './loudness.ts';
import { totalOf } from './reach.ts';
import { type SoundShape, soundGraph } from './sound-graph.ts';

/** The sound of a clip. */
export interface ClipSound extends CutList {
  /** Where a filter graph that is too long for an argument may be written. */
  readonly graphFile: string;
  readonly signal: AbortSignal;
}

/** How one file of it is to be. */
export interface SoundTarget {
  /** An `.m4a` file. */
  readonly out: string;
  /** LUFS. */
  readonly loudness: number;
  readonly bitrate: number;
  /** Samples of encoder delay to leave out, where the container will not say that they are to be skipped. */
  readonly skipSamples: number;
}

/** What a sound measures; null for silence. */
type Measured = Loudness | null;

/** An encoded sound, and what it was made of. */
export interface EncodedSound {
  readonly loudness: Measured;
  /** Its peaks keep it below its target. */
  readonly limitedByPeaks: boolean;
  /** Its cuts are silence in the recording as well. */
  readonly silentInSource: boolean;
}

const shape = { sampleRate: 48_000, layout: 'stereo', fadeMs: 20 } as const satisfies SoundShape;

/**
 * Encodes the cuts' sound near its targets, one file for each: measure once, then for each gain and limiter, measure
 * what was encoded, and once more if it is too far off or its peaks are too high. Peaky speech may stay below its
 * target; a louder try would only squash it. Answers what the encoded files measure, in the order of the targets.
 */
export async function encodeSounds(
  ffmpeg: Ffmpeg,
  sound: ClipSound,
  targets: readonly SoundTarget[],
): Promise<EncodedSound[]> {
  const source = await measureCuts(ffmpeg, sound);
  const encoded: EncodedSound[] = [];
  for (const target of targets) encoded.push(await encodeSound(ffmpeg, sound, { target, source }));
  return encoded;
}

const measureCuts = (ffmpeg: Ffmpeg, sound: ClipSound): Promise<Measured> =>
  measured(ffmpeg, { ...reading(sound), filterGraph: `${joined(sound)};[sound]${meter}[metered]` });

async function encodeSound(
  ffmpeg: Ffmpeg,
  sound: ClipSound,
  { target, source }: { target: SoundTarget; source: Measured },
): Promise<EncodedSound> {
  const level = levelFor(target.loudness, source);
  const first = await encodeAt(ffmpeg, sound, { target, level });
  const second = first && secondLevel(target.loudness, level, first);
  const encoded = second ? await encodeAt(ffmpeg, sound, { target, level: second }) : first;
  const { gainDb } = second ?? level;
  return {
    loudness: encoded,
    limitedByPeaks: source !== null && encoded !== null && limitedByPeaks(target.loudness, { source, gainDb, encoded }),
    silentInSource: source === null,
  };
}

interface Attempt {
  readonly target: SoundTarget;
  readonly level: Level;
}

/** Encodes at a level and answers what the file measures. */
async function encodeAt(ffmpeg: Ffmpeg, sound: ClipSound, attempt: Attempt): Promise<Measured> {
  await encode(ffmpeg, sound, attempt);
  return measureFile(ffmpeg, sound, attempt.target.out);
}

const measureFile = (ffmpeg: Ffmpeg, sound: ClipSound, file: string): Promise<Measured> =>
  measured(ffmpeg, { ...reading(sound), inputs: [{ file }], filterGraph: `[0:a:0]${meter}[metered]` });

async function measured(ffmpeg: Ffmpeg, job: Omit<Job, 'outputs'>): Promise<Measured> {
  const { stderrTail } = await ffmpeg.run({ ...job, outputs: [{ file: 'null', options: ['-map', '[metered]'] }] });
  return loudnessFrom(stderrTail);
}

/** `-aac_coder fast`: a fifth of the CPU of the default coder, which would cost more than the picture of a short clip. */
async function encode(ffmpeg: Ffmpeg, sound: ClipSound, { target, level }: Attempt): Promise<void> {
  const late = target.skipSamples + (limiterDelayMs * shape.sampleRate) / 1000;
  const graph = [
    `[sound]apad=pad_len=${late},${levelled(level)},atrim=start_sample=${late},asetpts=PTS-STARTPTS`,
    'aformat=sample_rates=48000:channel_layouts=stereo[out]',
  ].join(',');
  await ffmpeg.run({
    ...reading(sound),
    filterGraph: `${joined(sound)};${graph}`,
    outputs: [{ file: target.out, options: ['-map', '[out]', ...aac(target.bitrate), ...plain] }],
  });
}

const aac = (bitrate: number): string[] => flags({ 'c:a': 'aac', aac_coder: 'fast', 'b:a': bitrate });
const plain = flags({ map_metadata: -1, fflags: '+bitexact', 'flags:a': '+bitexact', movflags: '+faststart' });

const joined = (sound: ClipSound): string => soundGraph(reachesIn(sound), { ...shape, fadesIn: sound.fadesIn });

const reading = (sound: ClipSound): Omit<Job, 'outputs'> => ({
  inputs: inputsOf(sound),
  graphFile: sound.graphFile,
  expectedMs: totalOf(sound.cuts),
  kind: 'light',
  signal: sound.signal,
});
