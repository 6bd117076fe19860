import { copyFile, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openFolder } from '#base/temp.ts';
import type { Ffmpeg } from '#media/ffmpeg.ts';
import { mediaFacts, probe } from '#media/probe.ts';
import { calm, ffmpegForTests, firstPart, made, recording } from '../support/media.ts';

let ffmpeg: Ffmpeg;
beforeAll(async () => {
  ffmpeg = await ffmpegForTests();
});

const factsOf = async (file: string) => (await probe(ffmpeg, file, calm())).facts;

const variant = async (
  name: string,
  options: readonly string[],
  source: 'talk.mp4' | 'mute.mp4' | 'talk.wav' = 'talk.mp4',
) => made(ffmpeg.tools.ffmpeg, name, ['-i', await recording(source), ...options]);

describe('probe', () => {
  it('reads picture, sound and length, in a form that survives storing', async () => {
    const facts = await factsOf(await recording('talk.mp4'));
    expect(facts).toMatchObject({
      durationMs: 14_000,
      container: 'mp4',
      video: { codec: 'h264', width: 640, height: 360, frameRate: 25, rotation: 0, variableFrameRate: false },
      audio: { codec: 'aac', sampleRate: 48_000, channels: 1, integratedLoudness: null },
    });
    expect(mediaFacts.parse(JSON.parse(JSON.stringify(facts)))).toEqual(facts);
  });

  it('knows sound without picture and picture without sound', async () => {
    expect(await factsOf(await recording('talk.wav'))).toMatchObject({
      durationMs: 14_000,
      container: 'wav',
      video: null,
    });
    expect(await factsOf(await recording('mute.mp4'))).toMatchObject({ durationMs: 4000, audio: null });
  });

  it('does not take cover art for a video', async () => {
    const cover = await made(ffmpeg.tools.ffmpeg, 'cover.jpg', [
      '-f',
      'lavfi',
      '-i',
      'color=red:s=64x64',
      '-frames:v',
      '1',
    ]);
    const options = ['-i', cover, '-map', '0:a', '-map', '1:v', '-c:a', 'libmp3lame', '-c:v', 'copy'];
    const file = await variant('covered.mp3', options, 'talk.wav');
    expect(await factsOf(file)).toMatchObject({ container: 'mp3', video: null, audio: { codec: 'mp3' } });
  });

  it('gives the size a viewer sees: turned and stretched', async () => {
    const turned = ['-c', 'copy', '-metadata:s:v:0', 'rotate=90' /* counter-clockwise */, '-map_metadata', '0'];
    const stretched = await variant('stretched.mp4', ['-c', 'copy', '-aspect', '4:3'], 'mute.mp4');
    expect((await factsOf(stretched)).video).toMatchObject({ width: 480, height: 360 });
    const upright = await variant('upright.mp4', turned, 'mute.mp4');
    expect((await factsOf(upright)).video).toMatchObject({ width: 360, height: 640, rotation: 270 });
  });

  it('lists text tracks with their language', async () => {
    const folder = await openFolder();
    onTestFinished(() => folder[Symbol.asyncDispose]());
    await writeFile(folder.file('a.srt'), '1\n00:00:01,000 --> 00:00:02,000\nHello\n');
    const options = ['-i', folder.file('a.srt'), '-map', '0', '-map', '1', '-c', 'copy', '-c:s', 'mov_text'];
    const language = ['-metadata:s:s:0', 'language=deu'];
    const file = await variant('captioned.mp4', [...options, ...language]);
    expect((await probe(ffmpeg, file, calm())).textTracks).toEqual([{ index: 2, language: 'deu' }]);
  });

  it("finds the length of a browser's recording, which names none", async () => {
    const live = ['-c:v', 'copy', '-c:a', 'libopus', '-live', '1', '-f', 'matroska'];
    const facts = await factsOf(await variant('live.mkv', live));
    expect(facts.container).toBe('matroska');
    expect(Math.abs(facts.durationMs - 14_000)).toBeLessThan(60);
  });

  it('sees a variable frame rate', async () => {
    const dropped = ['-vf', "select='not(between(n,20,60))'", '-vsync', '0', '-c:v', 'libx264', '-preset', 'ultrafast'];
    expect((await factsOf(await variant('varying.mp4', dropped, 'mute.mp4'))).video?.variableFrameRate).toBe(true);
  });

  it('refuses a transport stream, which cannot be cut exactly', async () => {
    const stream = await variant('talk.ts', ['-c', 'copy']);
    await expect(factsOf(stream)).rejects.toMatchObject({ code: 'MEDIA_UNSUPPORTED' });
  });

  it('calls a file without its index corrupt, and one without sound or picture unsupported', async () => {
    const folder = await openFolder();
    onTestFinished(() => folder[Symbol.asyncDispose]());
    await writeFile(folder.file('cut.mp4'), await firstPart(await recording('counted.mp4'), 0.5));
    await expect(factsOf(folder.file('cut.mp4'))).rejects.toMatchObject({ code: 'MEDIA_CORRUPT' });
    const srt = folder.file('a.srt');
    await writeFile(srt, '1\n00:00:01,000 --> 00:00:02,000\nHello\n');
    const text = await made(ffmpeg.tools.ffmpeg, 'text.mkv', ['-i', srt]);
    await copyFile(text, folder.file('text.mkv'));
    await expect(factsOf(folder.file('text.mkv'))).rejects.toMatchObject({ code: 'MEDIA_UNSUPPORTED' });
  });
});
