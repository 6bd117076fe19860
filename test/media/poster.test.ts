import { beforeAll, describe, expect, it } from 'vitest';
import { openFolder } from '#base/temp.ts';
import { sourceMs } from '#base/time.ts';
import type { Ffmpeg } from '#media/ffmpeg.ts';
import { poster } from '#media/poster.ts';
import { probe } from '#media/probe.ts';
import { calm, ffmpegForTests, grayFrame, made, recording } from '../support/media.ts';

let ffmpeg: Ffmpeg;
beforeAll(async () => {
  ffmpeg = await ffmpegForTests();
});

describe('poster', () => {
  it.each([0, 5000, 5990])('shows something at %d ms of a recording that fades in at two seconds', async (at) => {
    await using folder = await openFolder();
    const out = folder.file('poster.jpg');
    const shows = await poster(ffmpeg, {
      source: await recording('dark-start.mp4'),
      atMs: sourceMs(at),
      width: 480,
      out,
      signal: calm(),
    });
    expect(shows).toBe(true);
    const pixels = await grayFrame(ffmpeg, out);
    expect(pixels).toHaveLength(480 * 270);
    expect(pixels.reduce((sum, pixel) => sum + pixel, 0) / pixels.length).toBeGreaterThan(40);
  });

  it('tells when there is nothing to see', async () => {
    await using folder = await openFolder();
    const black = ['-f', 'lavfi', '-i', 'color=black:s=320x180:r=25:d=2', '-c:v', 'libx264'];
    const source = await made(ffmpeg.tools.ffmpeg, 'black.mp4', black);
    const out = folder.file('poster.jpg');
    expect(await poster(ffmpeg, { source, atMs: sourceMs(500), width: 480, out, signal: calm() })).toBe(false);
  });

  it('says so when the recording has no picture', async () => {
    await using folder = await openFolder();
    const source = await recording('talk.wav');
    expect((await probe(ffmpeg, source, calm())).facts.video).toBeNull();
    const order = { source, atMs: sourceMs(0), width: 480, out: folder.file('x.jpg'), signal: calm() };
    await expect(poster(ffmpeg, order)).rejects.toMatchObject({ code: 'ENCODE_FAILED' });
  });
});
