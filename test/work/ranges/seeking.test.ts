import { stat } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { openFolder } from '#base/temp.ts';
import { sourceMs } from '#base/time.ts';
import { encodeClip } from '#media/encode.ts';
import { probe } from '#media/probe.ts';
import { openSources } from '#work/sources.ts';
import { calm, ffmpegForTests, made } from '../../support/media.ts';
import { openWatchedStorage } from '../../support/watched-storage.ts';

const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '50', '-b:v', '2M', '-c:a', 'aac'];
const vp8 = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-g', '50', '-b:v', '2M', '-c:a', 'libopus'];

// What has no index of its own is read whole: docs/decisions/0027.
test.each([
  ['an MP4 whose index comes last', 'noisy.mp4', h264],
  ['a Matroska file', 'noisy.mkv', h264],
  ['a WebM file', 'noisy.webm', vp8],
  ['an AVI file', 'noisy.avi', [...h264, '-c:a', 'libmp3lame']],
])('five seconds near the end of %s are read by its own index', { timeout: 180_000 }, async (_, name, coding) => {
  const ffmpeg = await ffmpegForTests();
  await using server = await openWatchedStorage();
  await using folder = await openFolder();
  await using sources = await openSources(server.storage, folder.file('sources'));
  const noise = ['-f', 'lavfi', '-i', 'testsrc2=s=640x360:r=25:d=12,noise=alls=60:allf=t'];
  const sound = ['-f', 'lavfi', '-i', 'sine=f=440:r=48000:d=12', '-ac', '2'];
  const part = await made(ffmpeg.tools.ffmpeg, name, [...noise, ...sound, ...coding]);
  const file = await made(ffmpeg.tools.ffmpeg, `long-${name}`, ['-stream_loop', '14', '-i', part, '-c', 'copy']);
  const object = { bucket: 'uploads', key: 'workspace/upload/source' } as const;
  await server.storage.putFile(object, file, { contentType: 'video/mp4' });
  const { facts } = await probe(ffmpeg, file, calm());
  await using source = await sources.open(object, calm());
  const cut = { startMs: sourceMs(facts.durationMs - 10_000), endMs: sourceMs(facts.durationMs - 5_000) };
  const shape = {
    preset: 'LANDSCAPE_720P',
    plan: { kind: 'FIT' },
    assFile: null,
    out: folder.file('clip.mp4'),
  } as const;
  await encodeClip(ffmpeg, { source: source.at, facts, cuts: [cut], shapes: [shape], signal: source.signal });
  expect(server.sentBytes()).toBeLessThan(0.3 * (await stat(file)).size);
});
