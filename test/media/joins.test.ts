import { beforeAll, expect, test } from 'vitest';
import { openFolder } from '#base/temp.ts';
import { sourceMs } from '#base/time.ts';
import { encodeClip } from '#media/encode.ts';
import type { Ffmpeg } from '#media/ffmpeg.ts';
import { probe } from '#media/probe.ts';
import { calm, ffmpegForTests, made, samplesOf } from '../support/media.ts';

// A tone that never ends is cut where it swings one way and goes on where it swings the other: without a fade it clicks.

const perMs = 48;
const joinMs = 1501;
let tone: Float32Array;

beforeAll(async () => {
  const ffmpeg: Ffmpeg = await ffmpegForTests();
  await using folder = await openFolder();
  const source = await made(ffmpeg.tools.ffmpeg, 'tone.wav', ['-f', 'lavfi', '-i', 'sine=f=440:r=48000:d=8']);
  const { facts } = await probe(ffmpeg, source, calm());
  const out = folder.file('clip.m4a');
  const cuts = [
    { startMs: sourceMs(500), endMs: sourceMs(500 + joinMs) },
    { startMs: sourceMs(3502), endMs: sourceMs(5000) },
  ];
  const shapes = [{ preset: 'AUDIO_ONLY', plan: { kind: 'FIT' }, assFile: null, out }] as const;
  await encodeClip(ffmpeg, { source, facts, cuts, shapes, signal: calm() });
  tone = await samplesOf(ffmpeg, out);
});

/** How loud it is around a moment, as a share of the tone's own loudness. */
const loudnessAt = (ms: number): number => rms(ms - 2, ms + 2) / rms(500, 1000);

function rms(fromMs: number, toMs: number): number {
  const part = tone.subarray(fromMs * perMs, toMs * perMs);
  return Math.sqrt(part.reduce((sum, value) => sum + value * value, 0) / part.length);
}

/** The sharpest bend of the wave between two moments: a click bends it more than the tone itself does. */
function sharpestBend(fromMs: number, toMs: number): number {
  let sharpest = 0;
  for (let at = fromMs * perMs + 1; at < toMs * perMs; at++) {
    const bend = (tone[at - 1] ?? 0) - 2 * (tone[at] ?? 0) + (tone[at + 1] ?? 0);
    sharpest = Math.max(sharpest, Math.abs(bend));
  }
  return sharpest;
}

test('where two cuts meet nothing clicks', () => {
  expect(sharpestBend(joinMs - 60, joinMs + 60)).toBeLessThan(1.5 * sharpestBend(500, 1000));
});

test.each([
  [-30, 0.93, 1.07],
  [-10, 0.4, 0.6],
  [0, 0, 0.15],
  [10, 0.4, 0.6],
  [30, 0.93, 1.07],
])('the sound is %i ms from a join between %d and %d of what it is elsewhere', (ms, least, most) => {
  expect(loudnessAt(joinMs + ms)).toBeGreaterThanOrEqual(least);
  expect(loudnessAt(joinMs + ms)).toBeLessThanOrEqual(most);
});
