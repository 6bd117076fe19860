import { readdir } from 'node:fs/promises';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { openFolder } from '#base/temp.ts';
import { clipMs, sourceMs } from '#base/time.ts';
import { hearInChunks } from '#providers/chunked-speech.ts';
import { uncached } from '#providers/model-calls.ts';
import { calm, ffmpegForTests, recording } from '../support/media.ts';

test('no more chunks lie on the disk than are being listened to', async () => {
  const folder = await openFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const lying: string[][] = [];
  await hearInChunks(
    {
      file: await recording('talk.wav'),
      sha256: '0'.repeat(64),
      durationMs: sourceMs(14_000),
      hasAudio: true,
      textTracks: [],
      sidecar: null,
      silences: [],
      language: 'en',
      folder: folder.path,
    },
    {
      model: 'test',
      version: 'test:1',
      ffmpeg: await ffmpegForTests(),
      log: pino({ level: 'silent' }),
      format: 'flac',
      maxMs: 5_000,
      parallel: 1,
      signal: calm(),
      calls: uncached,
      onProgress: () => {},
    },
    async () => {
      lying.push(await readdir(folder.path));
      const word = { text: 'Hello.', startMs: clipMs(500), endMs: clipMs(900) };
      return { language: 'en', words: [word], turns: [], inventedWords: 0 };
    },
  );
  expect(lying.length).toBeGreaterThan(2);
  for (const files of lying) expect(files).toHaveLength(1);
  expect(await readdir(folder.path)).toEqual([]);
});
