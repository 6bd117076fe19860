import { stat } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { openFolder } from '#base/temp.ts';
import { sourceMs } from '#base/time.ts';
import { encodeClip } from '#media/encode.ts';
import { presets, type RenditionPreset } from '#media/presets.ts';
import { probe } from '#media/probe.ts';
import { seekShare } from '#media/seek-share.ts';
import { blockBytes } from '#work/ranges/range-proxy.ts';
import { openSources } from '#work/sources.ts';
import { calm, ffmpegForTests, made } from '../../support/media.ts';
import { openWatchedStorage } from '../../support/watched-storage.ts';

/** A recording of so many times the same part. */
interface Kind {
  readonly name: string;
  readonly part: readonly string[];
  readonly times: number;
  /** How the whole is written. */
  readonly written?: readonly string[];
}

/** Noise is as large as it sounds, the picture costs nothing: 36 MiB, more than the cache of ranges holds, are soon made. */
const channel = (rate: number, seed: number) => `anoisesrc=r=${rate}:a=0.5:seed=${seed}`;
const stereo = (rate: number) => `${channel(rate, 1)}[l];${channel(rate, 2)}[r];[l][r]amerge`;
const noise = (rate: number) => ['-f', 'lavfi', '-i', stereo(rate), '-sample_fmt', 's16', '-t', '10'];
const sound = (...coding: string[]) => [...noise(48_000), ...coding];
const picture = ['-f', 'lavfi', '-i', 'color=gray:s=160x90:r=10:d=10'];
const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '20'];
const pcm = [...picture, ...noise(96_000), ...h264, '-c:a', 'pcm_s16le'];
const mp4 = [...picture, ...noise(48_000), ...h264, '-c:a', 'aac', '-b:a', '512k', '-sample_fmt', 'fltp'];
const vp8 = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-g', '20'];
const opus = ['-c:a', 'libopus', '-b:a', '510k', '-compression_level', '0'];
const webm = [...picture, ...noise(48_000), ...vp8, ...opus];
const aac = sound('-c:a', 'aac', '-b:a', '512k', '-sample_fmt', 'fltp');
const mp3 = sound('-c:a', 'libmp3lame', '-b:a', '320k', '-write_xing', '0', '-sample_fmt', 's16p');
const variable = sound('-c:a', 'libmp3lame', '-q:a', '0', '-write_xing', '0', '-sample_fmt', 's16p');

const indexed: readonly Kind[] = [
  { name: 'MP4.mp4', part: mp4, times: 75 },
  { name: 'Matroska.mkv', part: pcm, times: 10 },
  { name: 'WebM.webm', part: webm, times: 57 },
  { name: 'AVI.avi', part: pcm, times: 10 },
  { name: 'M4A.m4a', part: aac, times: 75 },
  { name: 'Ogg.ogg', part: sound('-c:a', 'libvorbis', '-q:a', '10', '-sample_fmt', 'fltp'), times: 57 },
  { name: 'FLAC.flac', part: [...noise(96_000), '-t', '100', '-compression_level', '0'], times: 1 },
];

test.each(indexed)('five seconds near the end of $name are read by ranges', { timeout: 180_000 }, async (kind) => {
  expect(await shareRead(kind, 'LANDSCAPE_720P')).toBeLessThan(0.4);
});

/** By ranges each opening of such a file reads it all, and a cut opens it three times. */
const unindexed: readonly Kind[] = [
  { name: 'fragments.mp4', part: mp4, times: 75, written: ['-movflags', 'frag_keyframe+empty_moov'] },
  { name: 'live.mkv', part: pcm, times: 10, written: ['-live', '1'] },
  { name: 'live.webm', part: webm, times: 57, written: ['-live', '1'] },
  { name: 'constant.mp3', part: mp3, times: 95, written: ['-write_xing', '0'] },
  { name: 'variable.mp3', part: variable, times: 115, written: ['-write_xing', '0'] },
  { name: 'adts.aac', part: aac, times: 75 },
];

test.each(unindexed)('$name has no index, and is read once for all cuts', { timeout: 180_000 }, async (kind) => {
  expect(await shareRead(kind, 'AUDIO_ONLY')).toBe(1);
});

/** Which share of a recording leaves storage for a worker that cuts five seconds out of it and opens it again. */
async function shareRead({ name, part, times, written = [] }: Kind, preset: RenditionPreset): Promise<number> {
  const ffmpeg = await ffmpegForTests();
  await using server = await openWatchedStorage();
  await using folder = await openFolder();
  await using sources = await openSources(server.storage, folder.file('sources'));
  const first = await made(ffmpeg.tools.ffmpeg, `part-${name}`, part);
  const loop = ['-stream_loop', String(times - 1), '-i', first, '-c', 'copy', ...written];
  const file = await made(ffmpeg.tools.ffmpeg, name, loop);
  const { size: sizeBytes } = await stat(file);
  const { facts } = await probe(ffmpeg, file, calm());
  const share = await seekShare(ffmpeg, file, { ...facts, sizeBytes, blockBytes, signal: calm() });
  const stored = { bucket: 'uploads', key: `workspace/upload/${name}`, seekShare: share } as const;
  await server.storage.putFile(stored, file, { contentType: 'video/mp4' });
  {
    await using source = await sources.open(stored, calm());
    const cut = { startMs: sourceMs(facts.durationMs - 10_000), endMs: sourceMs(facts.durationMs - 5_000) };
    const shown = facts.video ? preset : 'AUDIO_ONLY';
    const out = folder.file(`clip.${presets[shown].extension}`);
    const shapes = [{ preset: shown, plan: { kind: 'FIT' }, assFile: null, out }] as const;
    await encodeClip(ffmpeg, { source: source.at, facts, cuts: [cut], shapes, signal: source.signal });
  }
  await using _again = await sources.open(stored, calm());
  return server.sentBytes() / sizeBytes;
}
