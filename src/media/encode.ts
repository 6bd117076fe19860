import { rm, writeFile } from 'node:fs/promises';
import { Problem } from '#base/problem.ts';
import { chaptersText, type FileChapter } from './chapters-text.ts';
import { encodePictures } from './clip-picture.ts';
import { type EncodedSound, encodeSounds, type SoundTarget } from './clip-sound.ts';
import { counted, divided } from './cpu-time.ts';
import type { CropPlan } from './crop-plan.ts';
import type { CutList } from './cut-list.ts';
import type { EncodedQuality } from './encoded-quality.ts';
import type { Ffmpeg } from './ffmpeg.ts';
import { inspectClip } from './inspect-clip.ts';
import { type Preset, presets, type RenditionPreset } from './presets.ts';
import type { MediaFacts } from './probe.ts';

/** One file of a clip. */
export interface ShapeOrder {
  readonly preset: RenditionPreset;
  /** What of the picture it shows. */
  readonly plan: CropPlan;
  /** Captions on the clip's timeline to draw into the picture. */
  readonly assFile: string | null;
  /** Named with the preset's extension. */
  readonly out: string;
}

/** What to encode. */
export interface ClipOrder extends Pick<CutList, 'source' | 'cuts'>, Partial<Pick<CutList, 'fadesIn'>> {
  readonly facts: MediaFacts;
  /** Marks in its videos, in order. */
  readonly chapters?: readonly FileChapter[];
  readonly shapes: readonly ShapeOrder[];
  readonly signal: AbortSignal;
  readonly onProgress?: (fraction: number) => void;
}

/** A finished file: what is in it, what was measured on it, and its part of the CPU time, in milliseconds. */
export interface EncodedShape {
  readonly facts: MediaFacts;
  readonly quality: EncodedQuality;
  readonly cpuMs: number;
}

/**
 * Cuts, joins, frames, captions and levels one clip in all its shapes at once: H.264 High and AAC for every platform,
 * index first, no edit list, exact to 40 ms. Throws ENCODE_FAILED (also when a result has a fault), INVALID_INPUT (cuts
 * that are out of order or outside the recording), MEDIA_NO_AUDIO, DISK_FULL; then no file is left.
 */
export async function encodeClip(ffmpeg: Ffmpeg, order: ClipOrder): Promise<EncodedShape[]> {
  checkInside(order);
  const clip = clipOf(order);
  try {
    const cpu = counted(ffmpeg);
    const sounds = await encodeSoundOf(cpu.ffmpeg, clip);
    const soundMs = cpu.taken();
    order.onProgress?.(soundShare);
    await encodePictureOf(cpu.ffmpeg, clip);
    const shares = shareOut(clip.files, { soundMs, pictureMs: cpu.taken() });
    const encoded: EncodedShape[] = [];
    for (const [at, file] of clip.files.entries()) {
      const { preset, out } = file;
      const sound = file.sound === null ? null : (sounds.get(file.sound) ?? null);
      const streams = [...(preset.frame ? ['video'] : []), ...(sound ? ['audio'] : [])];
      const about = { out, sound, target: preset.loudness, streams, pictured: order.facts.video !== null };
      encoded.push({ ...(await inspectClip(ffmpeg, { ...clip, ...about })), cpuMs: shares[at] ?? 0 });
    }
    order.onProgress?.(1);
    return encoded;
  } catch (error) {
    await Promise.all(clip.files.map(({ out }) => rm(out, { force: true })));
    throw error;
  } finally {
    await Promise.all(clip.scratch.map((file) => rm(file, { force: true })));
  }
}

/** Past its end a recording would be padded in silence; half a second is what containers are wrong by. */
function checkInside({ cuts, facts }: ClipOrder): void {
  if ((cuts.at(-1)?.endMs ?? 0) <= facts.durationMs + 500) return;
  throw new Problem('INVALID_INPUT', { reason: 'The clip ends after the recording.' });
}

/** One file of a clip, with the file of its sound: itself, where there is no picture. */
interface ClipFile {
  readonly preset: Preset;
  readonly plan: CropPlan;
  readonly assFile: string | null;
  readonly out: string;
  readonly sound: string | null;
}

type Clip = ReturnType<typeof clipOf>;

function clipOf(order: ClipOrder) {
  const { source, cuts, fadesIn = new Set<number>(), facts, shapes, signal, onProgress = () => {} } = order;
  const { chapters = [] } = order;
  const base = shapes[0]?.out ?? source;
  const soundOf = ({ frame, loudness, audioBitrate }: Preset, out: string): string =>
    frame === null ? out : `${base}.${loudness}.${audioBitrate}.m4a`;
  const files = shapes.map(({ preset: name, plan, assFile, out }): ClipFile => {
    const preset: Preset = presets[name];
    if (preset.frame === null && !facts.audio) throw new Problem('MEDIA_NO_AUDIO');
    return { preset, plan, assFile, out, sound: facts.audio ? soundOf(preset, out) : null };
  });
  const [graphFile, chaptersFile] = [`${base}.graph`, `${base}.chapters`];
  const sounds = files.flatMap(({ sound, out }) => (sound === null || sound === out ? [] : [sound]));
  const scratch = [...sounds, graphFile, chaptersFile];
  return { source, cuts, fadesIn, facts, files, graphFile, chapters, chaptersFile, scratch, signal, onProgress };
}

/** Sound is about a twentieth of the work. */
const soundShare = 0.05;

/** Encodes the sound of all files, once for each loudness and bit rate; answers each by its file. */
async function encodeSoundOf(ffmpeg: Ffmpeg, clip: Clip): Promise<ReadonlyMap<string, EncodedSound>> {
  const targets = new Map<string, SoundTarget>();
  for (const { preset, sound, out } of clip.files) {
    if (sound === null) continue;
    const { loudness, audioBitrate: bitrate } = preset;
    targets.set(sound, { out: sound, loudness, bitrate, skipSamples: sound === out ? 0 : encoderDelay });
  }
  const encoded = targets.size === 0 ? [] : await encodeSounds(ffmpeg, clip, [...targets.values()]);
  return new Map([...targets.keys()].flatMap((file, at) => encoded.slice(at, at + 1).map((sound) => [file, sound])));
}

/** AAC starts with so many samples of its own; without an edit list nothing tells a player to skip those 21 ms. */
const encoderDelay = 1024;

async function encodePictureOf(ffmpeg: Ffmpeg, clip: Clip): Promise<void> {
  const shapes = clip.files.flatMap(({ preset, ...file }) =>
    preset.frame === null ? [] : [{ ...file, preset: { ...preset, frame: preset.frame } }],
  );
  if (shapes.length === 0) return;
  const { chapters, chaptersFile } = clip;
  if (chapters.length > 0) await writeFile(chaptersFile, chaptersText(chapters));
  const onProgress = (fraction: number) => clip.onProgress(soundShare + (1 - soundShare) * fraction * 0.99);
  const marks = chapters.length > 0 ? chaptersFile : null;
  await encodePictures(ffmpeg, { ...clip, chaptersFile: marks, shapes, onProgress });
}

/** The CPU time of each file: of the picture by its pixels, of the sound the same for all. */
function shareOut(
  files: readonly ClipFile[],
  { soundMs, pictureMs }: { soundMs: number; pictureMs: number },
): number[] {
  const pixels = files.map(({ preset: { frame } }) => (frame ? frame.width * frame.height : 0));
  const pictures = divided(pictureMs, pixels);
  const sounds = divided(
    soundMs,
    files.map(({ sound }) => (sound === null ? 0 : 1)),
  );
  return files.map((_, at) => (pictures[at] ?? 0) + (sounds[at] ?? 0));
}
