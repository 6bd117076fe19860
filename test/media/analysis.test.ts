import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openFolder } from '#base/temp.ts';
import { analyse } from '#media/analysis.ts';
import type { Ffmpeg } from '#media/ffmpeg.ts';
import { probe } from '#media/probe.ts';
import { calm, ffmpegForTests, firstPart, made, type RecordingName, recording } from '../support/media.ts';

let ffmpeg: Ffmpeg;
beforeAll(async () => {
  ffmpeg = await ffmpegForTests();
});

async function analysed(file: string) {
  const { facts } = await probe(ffmpeg, file, calm());
  return await analyse(ffmpeg, file, { facts, signal: calm() });
}

/** The first part of a recording, as an interrupted transfer leaves it. */
async function interrupted(name: RecordingName, share: number): Promise<string> {
  const folder = await openFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const file = folder.file(path.basename(name));
  await writeFile(file, await firstPart(await recording(name), share));
  return file;
}

describe('analyse', () => {
  it.each<RecordingName>(['talk.mp4', 'talk.wav', 'talk.mp3'])('hears the five pauses of %s', async (name) => {
    const { silences, integratedLoudness, decodedMs } = await analysed(await recording(name));
    expect(silences).toHaveLength(5);
    for (const [at, { startMs, endMs }] of silences.entries()) {
      expect(Math.abs(startMs - (2000 + at * 2700))).toBeLessThan(60);
      expect(Math.abs(endMs - (2700 + at * 2700))).toBeLessThan(60);
    }
    expect(integratedLoudness).toBeGreaterThan(-35);
    expect(integratedLoudness).toBeLessThan(-20);
    expect(Math.abs(decodedMs - 14_000)).toBeLessThan(100);
  });

  it('answers no silences and no loudness for a picture alone', async () => {
    const analysis = await analysed(await recording('mute.mp4'));
    expect(analysis).toMatchObject({ silences: [], integratedLoudness: null });
    expect(Math.abs(analysis.decodedMs - 4000)).toBeLessThan(100);
  });

  it('takes digital silence for one silence', async () => {
    const analysis = await analysed(await recording('silent.wav'));
    expect(analysis).toMatchObject({ silences: [{ startMs: 0, endMs: 3000 }], integratedLoudness: null });
  });

  it.each<[RecordingName, number]>([
    ['talk.mp4', 0.5],
    ['talk.mp4', 0.9],
    ['mute.mp4', 0.5],
    ['talk.mkv', 0.5],
  ])('finds %s corrupt when only %d of it arrived', async (name, share) => {
    await expect(analysed(await interrupted(name, share))).rejects.toMatchObject({ code: 'MEDIA_CORRUPT' });
  });

  it('accepts sound that ends well before its picture', async () => {
    const options = ['-i', await recording('talk.mp4'), '-filter:a', 'atrim=end=5', '-c:v', 'copy', '-c:a', 'aac'];
    const file = await made(ffmpeg.tools.ffmpeg, 'early-end.mp4', options);
    expect((await analysed(file)).silences).toHaveLength(2);
  });
});
