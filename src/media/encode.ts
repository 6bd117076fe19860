import { rm } from 'node:fs/promises';
import { Problem } from '#base/problem.ts';
import type { Span } from '#base/time.ts';
import { burned } from './burn.ts';
import { encodeSound } from './clip-sound.ts';
import type { Ffmpeg } from './ffmpeg.ts';
import { flags } from './ffmpeg-job.ts';
import { clipFrameRate, type FrameRate, framesBefore } from './frame-rate.ts';
import type { Loudness } from './loudness.ts';
import { mp4Layout } from './mp4-layout.ts';
import { card, framed, joinedPicture } from './picture-graph.ts';
import { type Preset, presets, type RenditionPreset } from './presets.ts';
import { type MediaFacts, probe } from './probe.ts';
import { inputOf, reachesOf, totalOf } from './reach.ts';

/** What to encode. */
export interface ClipOrder {
  readonly source: string;
  readonly facts: MediaFacts;
  /** Kept spans of the recording, in order. */
  readonly cuts: readonly Span[];
  readonly preset: RenditionPreset;
  /** Captions on the clip's timeline to draw into the picture. */
  readonly assFile: string | null;
  /** Named with the preset's extension. */
  readonly out: string;
  readonly signal: AbortSignal;
  readonly onProgress?: (fraction: number) => void;
}

/** A finished clip: what is in it, how loud it became (null without sound), how far its length is off, what it took. */
export interface EncodedClip {
  readonly facts: MediaFacts;
  readonly loudness: Loudness | null;
  readonly durationErrorMs: number;
  /** CPU time of ffmpeg, in milliseconds. */
  readonly cpuMs: number;
}

/**
 * Cuts, joins, frames, captions and levels one clip: H.264 High and AAC for every platform, index first, no edit list,
 * exact to 40 ms. Throws ENCODE_FAILED (also when the result is not what was ordered), INVALID_INPUT (cuts that are out
 * of order or outside the recording), MEDIA_NO_AUDIO, DISK_FULL.
 */
export async function encodeClip(ffmpeg: Ffmpeg, order: ClipOrder): Promise<EncodedClip> {
  let cpuMs = 0;
  const counted: Ffmpeg = {
    ...ffmpeg,
    run: async (job) => {
      const ran = await ffmpeg.run(job);
      cpuMs += ran.cpuMs;
      return ran;
    },
  };
  const encoded = await encode(counted, order);
  return { ...encoded, cpuMs };
}

type Encoded = Omit<EncodedClip, 'cpuMs'>;

async function encode(ffmpeg: Ffmpeg, order: ClipOrder): Promise<Encoded> {
  const preset: Preset = presets[order.preset];
  checkInside(order);
  if (preset.frame === null) return await encodeAlone(ffmpeg, order, preset);
  const sound = `${order.out}.sound.m4a`;
  try {
    const loudness = order.facts.audio ? await encodeSound(ffmpeg, soundOf(order, preset, sound)) : null;
    order.onProgress?.(soundShare);
    await encodePicture(ffmpeg, order, { ...preset, frame: preset.frame, sound: order.facts.audio ? sound : null });
    return await inspected(ffmpeg, order, loudness);
  } finally {
    await rm(sound, { force: true });
  }
}

/** Past its end a recording would be padded in silence; half a second is what containers are wrong by. */
function checkInside({ cuts, facts }: ClipOrder): void {
  if ((cuts.at(-1)?.endMs ?? 0) <= facts.durationMs + 500) return;
  throw new Problem('INVALID_INPUT', { reason: 'The clip ends after the recording.' });
}

/** Sound is about a twentieth of the work. */
const soundShare = 0.05;

async function encodeAlone(ffmpeg: Ffmpeg, order: ClipOrder, preset: Preset): Promise<Encoded> {
  if (!order.facts.audio) throw new Problem('MEDIA_NO_AUDIO');
  const loudness = await encodeSound(ffmpeg, { ...soundOf(order, preset, order.out), skipSamples: 0 });
  order.onProgress?.(1);
  return await inspected(ffmpeg, order, loudness);
}

/** AAC starts with 1024 samples of its own; without an edit list nothing tells a player to skip those 21 ms. */
const soundOf = (order: ClipOrder, preset: Preset, out: string) => ({
  source: order.source,
  cuts: order.cuts,
  out,
  target: preset.loudness,
  bitrate: preset.audioBitrate,
  skipSamples: 1024,
  signal: order.signal,
});

type PictureShape = Preset & { readonly frame: NonNullable<Preset['frame']>; readonly sound: string | null };

async function encodePicture(ffmpeg: Ffmpeg, order: ClipOrder, shape: PictureShape): Promise<void> {
  const rate = clipFrameRate(order.facts.video);
  const reaches = order.facts.video ? reachesOf(order.cuts) : [];
  const expectedMs = totalOf(order.cuts);
  const joined = reaches.length > 0 ? joinedPicture(reaches, rate) : card(shape.frame, rate, expectedMs);
  const sound = shape.sound === null ? [] : ['-map', `${reaches.length}:a:0`, '-c:a', 'copy'];
  await ffmpeg.run({
    inputs: [
      ...reaches.map((reach) => inputOf(order.source, reach)),
      ...(shape.sound === null ? [] : [{ file: shape.sound }]),
    ],
    filterGraph: [joined, framed(shape), burned(order.assFile)].join(';'),
    outputs: [{ file: order.out, options: ['-map', '[picture]', ...sound, ...h264(shape, rate), ...forPlatforms] }],
    expectedMs,
    kind: 'encode',
    signal: order.signal,
    onProgress: (fraction) => order.onProgress?.(soundShare + (1 - soundShare) * fraction),
  });
}

/**
 * The picture arrives with its frames counted, one for each 1/rate: `vsync 0` takes them as they are. Constant rate would
 * be made once more at the end, and the 2018 build then repeats the last frame for as long as the source's lasted.
 * veryfast at 21: 0.5 s of CPU for a second of 1080p30; `fast` costs twice that for a tenth of the bytes.
 */
const h264 = (preset: Preset, rate: FrameRate): string[] =>
  flags({
    'c:v': 'libx264',
    'profile:v': 'high',
    preset: 'veryfast',
    crf: 21,
    pix_fmt: 'yuv420p',
    vsync: 0,
    g: framesBefore(2000, rate),
    maxrate: preset.maxVideoBitrate,
    bufsize: 2 * preset.maxVideoBitrate,
  });

/**
 * Nothing of the source's tags gets out, and the same order gives the same bytes. `avoid_negative_ts disabled`: the
 * 2018 build would delay the whole clip by the picture's reordering (2 frames) where an edit list is not allowed.
 */
const forPlatforms = flags({
  map_metadata: -1,
  fflags: '+bitexact',
  'flags:v': '+bitexact',
  'flags:a': '+bitexact',
  movflags: '+faststart+negative_cts_offsets',
  use_editlist: 0,
  avoid_negative_ts: 'disabled',
});

async function inspected(ffmpeg: Ffmpeg, order: ClipOrder, loudness: Loudness | null): Promise<Encoded> {
  const { facts } = await probe(ffmpeg, order.out, order.signal);
  const layout = await mp4Layout(order.out);
  const durationErrorMs = facts.durationMs - totalOf(order.cuts);
  if (Math.abs(durationErrorMs) > 40 || !layout.indexFirst || (facts.video && layout.editLists)) {
    await rm(order.out, { force: true });
    throw new Problem('ENCODE_FAILED', { durationErrorMs, ...layout });
  }
  const audio = facts.audio && { ...facts.audio, integratedLoudness: loudness?.integrated ?? null };
  return { facts: { ...facts, audio }, loudness, durationErrorMs };
}
