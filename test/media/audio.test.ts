import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openFolder } from '#base/temp.ts';
import { sourceMs } from '#base/time.ts';
import { cutSpeech } from '#media/audio.ts';
import type { Ffmpeg } from '#media/ffmpeg.ts';
import { probe } from '#media/probe.ts';
import { calm, ffmpegForTests, recording, samplesOf, tickTimes } from '../support/media.ts';

let ffmpeg: Ffmpeg;
beforeAll(async () => {
  ffmpeg = await ffmpegForTests();
});

const spans = [
  [500, 2500],
  [4003, 5016],
  [9490, 11_490],
].map(([start = 0, end = 0]) => ({ startMs: sourceMs(start), endMs: sourceMs(end) }));

describe('cutSpeech', () => {
  it.each([
    ['counted.mp4', 'speech.flac', 'flac'],
    ['counted.mp4', 'speech.wav', 'pcm_s16le'],
    ['ticks.mp3', 'speech.flac', 'flac'],
  ] as const)('joins spans of %s into %s without losing a sample', async (source, name, codec) => {
    await using folder = await openFolder();
    const out = folder.file(name);
    await cutSpeech(ffmpeg, { file: await recording(source), spans, out, signal: calm() });
    const { facts } = await probe(ffmpeg, out, calm());
    expect(facts).toMatchObject({ durationMs: 5013, video: null, audio: { codec, sampleRate: 16_000, channels: 1 } });
    const samples = await samplesOf(ffmpeg, out);
    expect(samples).toHaveLength(5013 * 48);
    const ticks = tickTimes(samples);
    const wanted = [500, 1500, 2997, 3523, 4523];
    for (const tick of wanted) expect(ticks.some((at) => Math.abs(at - tick) < 1)).toBe(true);
  });

  it('keeps the clock across a hole in the sound', async () => {
    const folder = await openFolder();
    onTestFinished(() => folder[Symbol.asyncDispose]());
    const out = folder.file('late.wav');
    const late = { startMs: sourceMs(10_000), endMs: sourceMs(14_000) };
    await cutSpeech(ffmpeg, { file: await recording('counted.mp4'), spans: [late], out, signal: calm() });
    expect(await samplesOf(ffmpeg, out)).toHaveLength(4000 * 48);
  });

  it('refuses spans that are out of order or empty', async () => {
    const file = await recording('talk.wav');
    for (const wrong of [[], [...spans].reverse(), [{ startMs: sourceMs(5), endMs: sourceMs(5) }]]) {
      const cutting = cutSpeech(ffmpeg, { file, spans: wrong, out: '/nonexistent/x.flac', signal: calm() });
      await expect(cutting).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    }
  });
});
