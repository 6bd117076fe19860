import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Folder, openFolder } from '#base/temp.ts';
import { type Span, sourceMs } from '#base/time.ts';
import { encodeClip } from '#media/encode.ts';
import type { Ffmpeg } from '#media/ffmpeg.ts';
import { poster } from '#media/poster.ts';
import { probe } from '#media/probe.ts';
import { openSources, type Sources, type StoredRecording } from '#work/sources.ts';
import { calm, ffmpegForTests, made, recording } from '../support/media.ts';
import { openWatchedStorage, type WatchedStorage } from '../support/watched-storage.ts';

const name: StoredRecording = { bucket: 'uploads', key: 'workspace/upload/source.mp4', seekShare: undefined };
const cut = (start: number, end: number): Span => ({ startMs: sourceMs(start), endMs: sourceMs(end) });

describe("a worker's recordings", () => {
  let cleanup: AsyncDisposableStack;
  let server: WatchedStorage;
  let sources: Sources;
  let folder: Folder;
  let ffmpeg: Ffmpeg;

  beforeEach(async () => {
    cleanup = new AsyncDisposableStack();
    server = cleanup.use(await openWatchedStorage());
    folder = cleanup.use(await openFolder());
    sources = cleanup.use(await openSources(server.storage, folder.file('sources')));
    ffmpeg = await ffmpegForTests();
  });
  afterEach(() => cleanup.disposeAsync());

  const stored = async (file: string): Promise<number> => {
    await server.storage.putFile(name, file, { contentType: 'video/mp4' });
    return (await stat(file)).size;
  };

  /** Three minutes, 70 MB of them plain sound: ten seconds are 4. */
  const long = async (): Promise<string> => {
    const picture = ['-f', 'lavfi', '-i', 'color=gray:s=320x180:r=25:d=12'];
    const sound = ['-f', 'lavfi', '-i', 'sine=f=440:r=96000:d=12', '-ac', '2', '-c:a', 'pcm_s16le'];
    const coding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '50'];
    const part = await made(ffmpeg.tools.ffmpeg, 'dense.mov', [...picture, ...sound, ...coding]);
    const whole = ['-stream_loop', '14', '-i', part, '-c', 'copy', '-movflags', '+faststart'];
    return made(ffmpeg.tools.ffmpeg, 'long.mov', whole);
  };

  test('are copied once, by the worker that reads them first, and read there by what follows', async () => {
    const sizeBytes = await stored(await recording('talk.mp4'));
    const copy = await sources.hold(name, calm());
    await copy[Symbol.asyncDispose]();
    await using next = await sources.open(name, calm());
    expect(next.at).toBe(copy.path);
    expect(server.sentBytes()).toBe(sizeBytes);
  });

  test('cost other workers no disk at all', async () => {
    await stored(await recording('talk.mp4'));
    await using source = await sources.open(name, calm());
    expect(await probe(ffmpeg, source.at, source.signal)).toMatchObject({ facts: { durationMs: 14_000 } });
    expect(await readdir(folder.file('sources'))).toEqual([]);
  });

  test('give ten seconds of a long recording for a small share of its bytes', async () => {
    const file = await long();
    const sizeBytes = await stored(file);
    const { facts } = await probe(ffmpeg, file, calm());
    await using source = await sources.open(name, calm());
    const [out, still] = [folder.file('clip.mp4'), folder.file('still.jpg')];
    const order = { cuts: [cut(120_300, 130_300)], facts };
    await encodeClip(ffmpeg, { ...order, source: source.at, shapes: [shape(out)], signal: source.signal });
    const atMs = sourceMs(121_000);
    await poster(ffmpeg, { source: source.at, atMs, width: 640, out: still, signal: source.signal });
    expect(server.sentBytes()).toBeLessThan(0.25 * sizeBytes);
    const local = folder.file('local.mp4');
    await encodeClip(ffmpeg, { ...order, source: file, shapes: [shape(local)], signal: calm() });
    expect(await sha256Of(out)).toBe(await sha256Of(local));
  });

  test("are read past a proxy of the environment, which knows nothing of this machine's loopback", async () => {
    await stored(await recording('talk.mp4'));
    vi.stubEnv('http_proxy', 'http://127.0.0.1:9');
    onTestFinished(() => void vi.unstubAllEnvs());
    await using source = await sources.open(name, calm());
    const still = folder.file('still.jpg');
    await poster(ffmpeg, { source: source.at, atMs: sourceMs(1000), width: 320, out: still, signal: source.signal });
    expect((await stat(still)).size).toBeGreaterThan(0);
  });

  test('that storage stops giving end an encode with what storage says, and leave nothing behind', async () => {
    const file = await long();
    await stored(file);
    const { facts } = await probe(ffmpeg, file, calm());
    await using source = await sources.open(name, calm());
    server.harm = (_read, before) => (before.length >= 4 ? 'refuse' : null);
    const encoding = encodeClip(ffmpeg, {
      source: source.at,
      facts,
      cuts: [cut(60_000, 120_000)],
      shapes: [shape(folder.file('clip.mp4'))],
      signal: source.signal,
    });
    await expect(encoding).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
    expect(await readdir(folder.path)).toEqual(['sources']);
  });
});

const shape = (out: string) => ({ preset: 'LANDSCAPE_720P', plan: { kind: 'FIT' }, assFile: null, out }) as const;

const sha256Of = async (file: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
