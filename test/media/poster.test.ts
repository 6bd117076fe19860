import { beforeAll, describe, expect, it } from 'vitest';
import { openFolder } from '#base/temp.ts';
import { sourceMs } from '#base/time.ts';
import { analyse } from '#media/analysis.ts';
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

  it.each([
    ['smpte2084', 'PQ', 573],
    ['arib-std-b67', 'HLG', 721],
  ] as const)('shows a page in the light of %s as bright as on a usual screen', async (tag, transfer, level) => {
    await using folder = await openFolder();
    const source = await made(ffmpeg.tools.ffmpeg, `still-${transfer}.mkv`, [
      '-f',
      'lavfi',
      '-i',
      `color=black:s=320x180:r=10:d=2,format=yuv420p10le,geq=lum=${level}:cb=512:cr=512`,
      '-c:v',
      'ffv1',
      '-color_primaries',
      'bt2020',
      '-colorspace',
      'bt2020nc',
      '-color_trc',
      tag,
    ]);
    const colours = { matrix: 'BT2020', transfer, fullRange: false } as const;
    const out = folder.file('poster.jpg');
    await poster(ffmpeg, { source, colours, atMs: sourceMs(500), width: 320, out, signal: calm() });
    const pixels = await grayFrame(ffmpeg, out);
    // 148 as it is written; 215 of 255 is what 201 of 235 looks like.
    expect(Math.abs((pixels[320 * 90 + 160] ?? 0) - 215)).toBeLessThanOrEqual(4);
    const storyboardFile = folder.file('storyboard.jpg');
    const { facts } = await probe(ffmpeg, source, calm());
    await analyse(ffmpeg, source, { facts, storyboardFile, signal: calm() });
    const tiles = await grayFrame(ffmpeg, storyboardFile);
    expect(Math.abs((tiles[160 * 45 + 80] ?? 0) - 215)).toBeLessThanOrEqual(4);
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
