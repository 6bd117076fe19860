import type { Span } from '#base/time.ts';
import type { Ffmpeg } from './ffmpeg.ts';
import { flags, type Job } from './ffmpeg-job.ts';

import { gainTo, type Loudness, levelled, limiterDelayMs, loudnessFrom, meter, toleranceLu } from './loudness.ts';
import { inputOf, reachesOf, totalOf } from './reach.ts';
import type { SoundShape } from './sound-graph.ts';
import { soundGraph } from './sound-graph.ts';

/** The sound of a clip, to be made at a wanted loudness. */
export interface ClipSound {
  readonly source: string;
  readonly cuts: readonly Span[];
  /** An `.m4a` file. */
  readonly out: string;
  /** LUFS. */
  readonly target: number;
  readonly bitrate: number;
  /** Samples of encoder delay to leave out, where the container will not say that they are to be skipped. */
  readonly skipSamples: number;
  readonly signal: AbortSignal;
}

const shape: SoundShape = { sampleRate: 48_000, layout: 'stereo', fadeMs: 20 };

/**
 * Encodes the cuts' sound near the target: measure, gain and limiter, measure what was encoded, and once more if it is
 * off by more than a unit. Peaky speech may stay below the target; a louder try would only squash it. Answers what the
 * encoded file measures, null for silence.
 */
export async function encodeSound(ffmpeg: Ffmpeg, sound: ClipSound): Promise<Loudness | null> {
  const gain = gainTo(sound.target, await measureCuts(ffmpeg, sound));
  await encode(ffmpeg, sound, gain);
  const first = await measureFile(ffmpeg, sound);
  if (first === null || Math.abs(sound.target - first.integrated) <= toleranceLu) return first;
  await encode(ffmpeg, sound, gain + gainTo(sound.target, first));
  return await measureFile(ffmpeg, sound);
}

async function measureCuts(ffmpeg: Ffmpeg, sound: ClipSound): Promise<Loudness | null> {
  return measured(ffmpeg, { ...reading(sound), filterGraph: `${joined(sound)};[sound]${meter}[metered]` });
}

const measureFile = (ffmpeg: Ffmpeg, sound: ClipSound): Promise<Loudness | null> =>
  measured(ffmpeg, { ...reading(sound), inputs: [{ file: sound.out }], filterGraph: `[0:a:0]${meter}[metered]` });

async function measured(ffmpeg: Ffmpeg, job: Omit<Job, 'outputs'>): Promise<Loudness | null> {
  const { stderrTail } = await ffmpeg.run({ ...job, outputs: [{ file: 'null', options: ['-map', '[metered]'] }] });
  return loudnessFrom(stderrTail);
}

/** `-aac_coder fast`: a fifth of the CPU of the default coder, which would cost more than the picture of a short clip. */
async function encode(ffmpeg: Ffmpeg, sound: ClipSound, gain: number): Promise<void> {
  const late = sound.skipSamples + (limiterDelayMs * shape.sampleRate) / 1000;
  const graph = [
    `[sound]apad=pad_len=${late},${levelled(gain)},atrim=start_sample=${late},asetpts=PTS-STARTPTS`,
    'aformat=sample_rates=48000:channel_layouts=stereo[out]',
  ].join(',');
  await ffmpeg.run({
    ...reading(sound),
    filterGraph: `${joined(sound)};${graph}`,
    outputs: [{ file: sound.out, options: ['-map', '[out]', ...aac(sound.bitrate), ...plain] }],
  });
}

const aac = (bitrate: number): string[] => flags({ 'c:a': 'aac', aac_coder: 'fast', 'b:a': bitrate });
const plain = flags({ map_metadata: -1, fflags: '+bitexact', 'flags:a': '+bitexact', movflags: '+faststart' });

const joined = (sound: ClipSound): string => soundGraph(reachesOf(sound.cuts), shape);

const reading = (sound: ClipSound): Omit<Job, 'outputs'> => ({
  inputs: reachesOf(sound.cuts).map((reach) => inputOf(sound.source, reach)),
  expectedMs: totalOf(sound.cuts),
  kind: 'light',
  signal: sound.signal,
});
