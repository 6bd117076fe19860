import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openFolder } from '#base/temp.ts';
import { analyse } from '#media/analysis.ts';
import type { Ffmpeg } from '#media/ffmpeg.ts';
import { probe } from '#media/probe.ts';
import { calm, ffmpegForTests, firstPart, grayFrame, made, type RecordingName, recording } from '../support/media.ts';

let ffmpeg: Ffmpeg;
beforeAll(async () => {
  ffmpeg = await ffmpegForTests();
});

async function analysed(file: string) {
  const { facts } = await probe(ffmpeg, file, calm());
  const folder = await openFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const storyboardFile = folder.file('storyboard.jpg');
  return { ...(await analyse(ffmpeg, file, { facts, storyboardFile, signal: calm() })), storyboardFile };
}

/** A recording of three seconds each of these pictures (filters of ffmpeg), a key frame each second, and quiet sound. */
async function shown(name: string, pictures: readonly string[], more: readonly string[] = []): Promise<string> {
  const inputs = pictures.flatMap((picture) => ['-f', 'lavfi', '-t', '3', '-i', `${picture},format=yuv420p,setsar=1`]);
  const joined = `${pictures.map((_, at) => `[${at}:v]`).join('')}concat=n=${pictures.length}[v]`;
  const encoded = ['-filter_complex', joined, '-map', '[v]', '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25'];
  return made(ffmpeg.tools.ffmpeg, name, [...inputs, ...encoded, '-sc_threshold', '0', ...more]);
}

const seconds = (...numbers: number[]): number[] => numbers.map((number) => number * 1000);

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
    expect(analysis).toMatchObject({ silences: [], integratedLoudness: null, waveform: null });
    expect(analysis.picture?.timesMs).toEqual(seconds(0, 1, 2, 3));
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

  it('draws the sound in pairs of 50 ms, quiet where the talk pauses', async () => {
    const { waveform, picture } = await analysed(await recording('talk.wav'));
    const peaks = new Int8Array(waveform?.slice(24).buffer ?? new ArrayBuffer());
    expect(peaks).toHaveLength(2 * 280);
    const loudest = (fromMs: number, toMs: number) => Math.max(...peaks.subarray(fromMs / 25, toMs / 25));
    expect(loudest(100, 1_900)).toBeGreaterThan(10);
    expect(loudest(2_100, 2_600)).toBeLessThanOrEqual(0);
    expect(picture).toBeNull();
  });

  it('tells where the picture becomes another one, and which pictures are worth showing', async () => {
    const slide = 'smptebars=s=640x360:r=25';
    const other = 'testsrc=s=640x360:r=25:d=3';
    const file = await shown('scenes.mp4', ['color=c=black:s=640x360:r=25', slide, other, slide]);
    const { picture } = await analysed(file);
    expect(picture?.timesMs).toEqual(seconds(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
    expect(picture?.scenesMs).toEqual(seconds(3, 6, 9));
    expect(picture?.posters.length).toBeGreaterThan(2);
    for (const { atMs } of picture?.posters ?? []) expect(atMs).toBeGreaterThanOrEqual(3_000);
    expect(picture?.sample).toMatchObject({ width: 320, height: 180, timesMs: seconds(0, 2, 4, 6, 8, 10) });
  });

  it('lays small pictures out in one, row by row', async () => {
    const gray = (level: string) => `color=c=0x${level.repeat(3)}:s=640x360:r=25`;
    const { picture, storyboardFile } = await analysed(await shown('grays.mp4', [gray('40'), gray('80'), gray('c0')]));
    const layout = picture?.storyboard;
    expect(layout).toEqual({ columns: 5, rows: 1, tileWidth: 160, tileHeight: 90, timesMs: seconds(0, 2, 4, 6, 8) });
    const pixels = await grayFrame(ffmpeg, storyboardFile);
    expect(pixels).toHaveLength(800 * 90);
    const levels = [0, 1, 2, 3, 4].map((tile) => Math.round((pixels[45 * 800 + tile * 160 + 80] ?? 0) / 16));
    expect(levels).toEqual([4, 4, 8, 12, 12]);
  });

  it('looks at a picture as it is shown: turned upright, its pixels made square', async () => {
    const upright = await shown('upright.mp4', ['testsrc=s=640x360:r=25:d=3']);
    const turning = ['-i', upright, '-c', 'copy', '-metadata:s:v', 'rotate=90'];
    const turned = await made(ffmpeg.tools.ffmpeg, 'turned.mp4', turning);
    const { picture } = await analysed(turned);
    expect(picture?.sample).toMatchObject({ width: 180, height: 320 });
    expect(picture?.storyboard).toMatchObject({ tileWidth: 90, tileHeight: 160 });
  });

  it('keeps the place of a picture that starts late', async () => {
    const sound = await recording('talk.wav');
    const inputs = ['-i', sound, '-itsoffset', '5', '-i', await recording('mute.mp4'), '-map', '0:a', '-map', '1:v'];
    const file = await made(ffmpeg.tools.ffmpeg, 'late-picture.mp4', [...inputs, '-c:a', 'aac', '-c:v', 'copy']);
    const { picture, silences, waveform } = await analysed(file);
    expect(picture?.timesMs).toEqual(seconds(5, 6, 7, 8));
    expect(picture?.storyboard?.timesMs).toEqual(seconds(5, 7));
    expect(silences).toHaveLength(5);
    expect(waveform).not.toBeNull();
  });

  it('does not take cover art for a picture', async () => {
    const cover = await made(ffmpeg.tools.ffmpeg, 'cover.jpg', [
      '-f',
      'lavfi',
      '-i',
      'testsrc=s=320x320',
      '-vframes',
      '1',
    ]);
    const inputs = ['-i', await recording('talk.wav'), '-i', cover, '-map', '0:a', '-map', '1:v'];
    const encoded = ['-c:a', 'aac', '-c:v', 'copy', '-disposition:v', 'attached_pic', '-f', 'mp4'];
    const file = await made(ffmpeg.tools.ffmpeg, 'covered.m4a', [...inputs, ...encoded]);
    const { picture, silences } = await analysed(file);
    expect(picture).toBeNull();
    expect(silences).toHaveLength(5);
  });

  it('takes two key frames a second of a recording that has nothing else', async () => {
    const file = await shown('intra.mp4', ['testsrc=s=320x180:r=25:d=3'], ['-g', '1']);
    const { picture } = await analysed(file);
    expect(picture?.timesMs).toEqual([0, 520, 1_040, 1_560, 2_080, 2_600]);
  });
});
