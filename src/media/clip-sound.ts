import { type CutList, inputsOf, reachesIn } from './cut-list.ts';
import type { Ffmpeg } from './ffmpeg.ts';
import { flags, type Job } from './ffmpeg-job.ts';
import { corrected, type Level, levelFor, levelled, limiterDelayMs, needsCorrection } from './level.ts';
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

/** What an encoded sound measures; null for silence. */
export type Measured = Loudness | null;

const shape = { sampleRate: 48_000, layout: 'stereo', fadeMs: 20 } as const satisfies SoundShape;

/**
 * Encodes the cuts' sound near its targets, one file for each: measure once, then for each gain and limiter, measure
 * what was encoded, and once more if it is too far off or its peaks are too high. Peaky speech may stay below its
 * target; a louder try would only squash it. Answers what the encoded files measure.
 */
export async function encodeSounds(
  ffmpeg: Ffmpeg,
  sound: ClipSound,
  targets: readonly SoundTarget[],
): Promise<Measured[]> {
  const before = await measureCuts(ffmpeg, sound);
  const measured: Measured[] = [];
  for (const target of targets) measured.push(await encodeSound(ffmpeg, sound, { target, before }));
  return measured;
}

const measureCuts = (ffmpeg: Ffmpeg, sound: ClipSound): Promise<Measured> =>
  measured(ffmpeg, { ...reading(sound), filterGraph: `${joined(sound)};[sound]${meter}[metered]` });

async function encodeSound(
  ffmpeg: Ffmpeg,
  sound: ClipSound,
  { target, before }: { target: SoundTarget; before: Measured },
): Promise<Measured> {
  const level = levelFor(target.loudness, before);
  await encode(ffmpeg, sound, { target, level });
  const first = await measureFile(ffmpeg, sound, target.out);
  if (first === null || !needsCorrection(target.loudness, first)) return first;
  await encode(ffmpeg, sound, { target, level: corrected(level, target.loudness, first) });
  return await measureFile(ffmpeg, sound, target.out);
}

const measureFile = (ffmpeg: Ffmpeg, sound: ClipSound, file: string): Promise<Measured> =>
  measured(ffmpeg, { ...reading(sound), inputs: [{ file }], filterGraph: `[0:a:0]${meter}[metered]` });

async function measured(ffmpeg: Ffmpeg, job: Omit<Job, 'outputs'>): Promise<Measured> {
  const { stderrTail } = await ffmpeg.run({ ...job, outputs: [{ file: 'null', options: ['-map', '[metered]'] }] });
  return loudnessFrom(stderrTail);
}

/** `-aac_coder fast`: a fifth of the CPU of the default coder, which would cost more than the picture of a short clip. */
async function encode(
  ffmpeg: Ffmpeg,
  sound: ClipSound,
  { target, level }: { target: SoundTarget; level: Level },
): Promise<void> {
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
