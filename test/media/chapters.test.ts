import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { openFolder } from '#base/temp.ts';
import { sourceMs } from '#base/time.ts';
import { type ClipOrder, encodeClip } from '#media/encode.ts';
import type { Ffmpeg } from '#media/ffmpeg.ts';
import { probe } from '#media/probe.ts';
import { calm, ffmpegForTests, recording } from '../support/media.ts';

const execute = promisify(execFile);

let ffmpeg: Ffmpeg;
beforeAll(async () => {
  ffmpeg = await ffmpegForTests();
});

const told = z.object({
  streams: z.array(z.object({ codec_type: z.string() })),
  chapters: z.array(z.object({ start_time: z.string(), end_time: z.string(), tags: z.object({ title: z.string() }) })),
  format: z.object({ tags: z.object({ major_brand: z.string() }) }),
});

/** What ffprobe says of a clip of the talk with such chapters. */
async function encoded(chapters: ClipOrder['chapters'] & object) {
  await using folder = await openFolder();
  const source = await recording('talk.mp4');
  const { facts } = await probe(ffmpeg, source, calm());
  const out = folder.file('clip.mp4');
  const cuts = [{ startMs: sourceMs(1000), endMs: sourceMs(3000) }];
  const shapes = [{ preset: 'LANDSCAPE_720P', plan: { kind: 'FIT' }, assFile: null, out }] as const;
  const [file] = await encodeClip(ffmpeg, { source, facts, cuts, chapters, shapes, signal: calm() });
  const ask = ['-v', 'error', '-show_streams', '-show_chapters', '-show_format', '-of', 'json', out];
  const { stdout } = await execute(ffmpeg.tools.ffprobe, ask);
  return { quality: file?.quality, ...told.parse(JSON.parse(stdout)) };
}

test('the chapters of a clip stand in its file, which has no other track for them', async () => {
  const titles = ['Row & job; = one\\commit', '# Größe "2"'];
  const { streams, chapters, format, quality } = await encoded([
    { startMs: 0, endMs: 900, title: titles[0] ?? '' },
    { startMs: 900, endMs: 2000, title: titles[1] ?? '' },
  ]);
  expect(streams.map((stream) => stream.codec_type)).toEqual(['video', 'audio']);
  expect(chapters.map(({ start_time: start, tags }) => [Number(start), tags.title])).toEqual([
    [0, titles[0]],
    [0.9, titles[1]],
  ]);
  expect(format.tags.major_brand).toBe('isom');
  expect(quality).toMatchObject({ durationErrorMs: expect.any(Number), fastStart: true, hasEditLists: false });
});

test('a clip without chapters has none', async () => {
  const { streams, chapters } = await encoded([]);
  expect(streams).toHaveLength(2);
  expect(chapters).toEqual([]);
});
