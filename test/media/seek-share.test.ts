import { stat, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { openFolder } from '#base/temp.ts';
import { seekShare } from '#media/seek-share.ts';
import { calm, ffmpegForTests, recording } from '../support/media.ts';

const durationMs = 14_000;

async function shareOf(file: string, { blockBytes = 4096, signal = calm() } = {}): Promise<number> {
  const { size: sizeBytes } = await stat(file);
  return seekShare(await ffmpegForTests(), file, { durationMs, sizeBytes, blockBytes, signal });
}

test('a recording whose places can be told is read in part, one of packets alone up to the place', async () => {
  expect(await shareOf(await recording('talk.wav'))).toBeLessThan(0.5);
  expect(await shareOf(await recording('talk.mp3'))).toBeGreaterThan(0.8);
});

test('a jump costs a block at least, and all of them together no more than the whole', async () => {
  const file = await recording('talk.wav');
  const [small, large] = [await shareOf(file, { blockBytes: 0 }), await shareOf(file, { blockBytes: 200_000 })];
  expect(large).toBeGreaterThan(small);
  expect(await shareOf(file, { blockBytes: 2 ** 30 })).toBe(1);
});

test('what cannot be sought counts as read whole; who is canceled gets no answer', async () => {
  await using folder = await openFolder();
  const file = folder.file('noise.mp4');
  await writeFile(file, Buffer.alloc(5000, 'no recording'));
  expect(await shareOf(file)).toBe(1);
  const signal = AbortSignal.abort(new Error('canceled'));
  await expect(shareOf(file, { signal })).rejects.toThrow('canceled');
});
