import { readdir, readFile } from 'node:fs/promises';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Folder, openFolder } from '#base/temp.ts';
import { type Span, sourceMs } from '#base/time.ts';
import { encodeClip } from '#media/encode.ts';
import type { Ffmpeg } from '#media/ffmpeg.ts';
import type { Job } from '#media/ffmpeg-job.ts';
import { presets, type RenditionPreset } from '#media/presets.ts';
import { probe } from '#media/probe.ts';
import { calm, ffmpegForTests, frameNumbers, made, recording, samplesOf, tickTimes } from '../support/media.ts';

let ffmpeg: Ffmpeg;
let folder: Folder;
let calls: Job[];
/** What comes of a call, where ffmpeg is to do less than it was told. */
let told: (job: Job) => Job;
beforeAll(async () => {
  const real = await ffmpegForTests();
  ffmpeg = {
    ...real,
    run: (job) => {
      calls.push(job);
      return real.run(told(job));
    },
  };
  folder = await openFolder();
  return () => folder[Symbol.asyncDispose]();
});
beforeEach(() => {
  told = (job) => job;
});

const cut = (start: number, end: number): Span => ({ startMs: sourceMs(start), endMs: sourceMs(end) });

interface Order {
  readonly cuts: readonly Span[];
  readonly presets: readonly RenditionPreset[];
  readonly fadesIn?: ReadonlySet<number>;
}

async function clipOf(source: string, { presets: wanted, ...order }: Order) {
  calls = [];
  const { facts } = await probe(ffmpeg, source, calm());
  const shapes = wanted.map((preset) => ({
    preset,
    plan: { kind: 'FIT' } as const,
    assFile: null,
    out: folder.file(`${crypto.randomUUID()}.${presets[preset].extension}`),
  }));
  const files = await encodeClip(ffmpeg, { source, facts, shapes, ...order, signal: calm() });
  return files.map((file, at) => ({ ...file, out: shapes[at]?.out ?? '' }));
}

/** Calls that encode this, and the different files they make. */
function encodesOf(kind: string): { calls: number; files: number } {
  const encoding = calls.filter(({ outputs }) => outputs.some(({ options }) => options.includes(kind)));
  const files = new Set(encoding.flatMap(({ outputs }) => outputs.map(({ file }) => file)));
  return { calls: encoding.length, files: files.size };
}

describe('the shapes of a clip', () => {
  test('are made by one call, their sound once, and each is what it would be alone', async () => {
    const source = await recording('talk.mp4');
    const cuts = [cut(1000, 2000)];
    const wanted = ['LANDSCAPE_720P', 'SQUARE_1080P', 'AUDIO_ONLY'] as const;
    const together = await clipOf(source, { cuts, presets: wanted });
    expect(encodesOf('libx264')).toEqual({ calls: 1, files: 2 });
    expect(encodesOf('aac').files).toBe(2);
    expect(together.map(({ facts }) => facts.video?.height ?? null)).toEqual([720, 1080, null]);
    const alone = await clipOf(source, { cuts, presets: ['SQUARE_1080P'] });
    const [one, other] = [await readFile(together[1]?.out ?? ''), await readFile(alone[0]?.out ?? '')];
    expect(one.equals(other)).toBe(true);
    expect(together.every(({ cpuMs }) => cpuMs > 0)).toBe(true);
    expect(together[0]?.quality).toMatchObject({
      blackShare: 0,
      constantFrameRate: true,
      fastStart: true,
      hasEditLists: false,
      loudness: { target: -14 },
    });
  });
});

describe('a crossfade', () => {
  test('takes no time: what is shown and heard around it stays in its place', async () => {
    const order = { cuts: [cut(1000, 2000), cut(5000, 6500), cut(10_000, 11_000)], fadesIn: new Set([1, 2]) };
    const [clip] = await clipOf(await recording('counted.mp4'), { ...order, presets: ['LANDSCAPE_720P'] });
    const numbers = await frameNumbers(ffmpeg, clip?.out ?? '');
    const range = (from: number, count: number) => Array.from({ length: count }, (_, at) => from + at);
    const hard = [...range(30, 30), ...range(150, 45), ...range(300, 30)];
    expect(numbers).toHaveLength(hard.length);
    const still = (at: number) => [30, 75].every((join) => at < join - 3 || at >= join + 3);
    expect(numbers.filter((_, at) => still(at))).toEqual(hard.filter((_, at) => still(at)));
    const samples = await samplesOf(ffmpeg, clip?.out ?? '');
    expect(Math.abs(samples.length / 48 - 3500)).toBeLessThan(45);
    expect(tickTimes(samples).some((tick) => Math.abs(tick - 2000) < 2)).toBe(true);
  });
});

test('peaky sound is kept below -1 dBTP, and is said to be limited by its peaks', async () => {
  const peaks = "'if(lt(mod(t,0.5),0.004),0.95*sin(2*PI*1200*t),0.01*(random(0)-0.5)*(1+sin(2*PI*3*t)))'";
  const sound = ['-f', 'lavfi', '-i', `aevalsrc=${peaks}:s=48000:d=8`];
  const source = await made(ffmpeg.tools.ffmpeg, 'peaky.wav', sound);
  const [clip] = await clipOf(source, { cuts: [cut(0, 8000)], presets: ['AUDIO_ONLY'] });
  expect(clip?.quality.loudness?.truePeak).toBeLessThanOrEqual(-1);
  expect(clip?.quality.loudness).toMatchObject({ target: -16, limitedByPeaks: true });
  expect(encodesOf('aac')).toEqual({ calls: 2, files: 1 });
});

test('a recording that is nearly silent stays below its target for no peaks of its own, and is encoded once', async () => {
  const sound = ['-f', 'lavfi', '-i', "aevalsrc='0.001*sin(2*PI*440*t)':s=48000:d=6"];
  const source = await made(ffmpeg.tools.ffmpeg, 'far-away.wav', sound);
  const [clip] = await clipOf(source, { cuts: [cut(0, 6000)], presets: ['AUDIO_ONLY'] });
  expect(clip?.quality.loudness).toMatchObject({ target: -16, limitedByPeaks: false });
  expect(Math.abs((clip?.quality.loudness?.integrated ?? 0) + 39)).toBeLessThan(3);
  expect(encodesOf('aac')).toEqual({ calls: 1, files: 1 });
});

describe('a file is refused', () => {
  const order = { cuts: [cut(0, 2000)], presets: ['LANDSCAPE_720P'] } as const;

  test('that lost its sound, and is not left there', async () => {
    told = ({ outputs, ...job }) => ({
      ...job,
      outputs: outputs.map(({ options, ...output }) => ({
        ...output,
        options: options.includes('libx264') ? ['-an', ...options] : options,
      })),
    });
    const refused = { code: 'ENCODE_FAILED', facts: { faults: ['STREAMS'], streams: ['video'] } };
    const before = await readdir(folder.path);
    await expect(clipOf(await recording('talk.mp4'), order)).rejects.toMatchObject(refused);
    expect(await readdir(folder.path)).toEqual(before);
  });

  test('whose sound became silence, but not where the recording is silent', async () => {
    told = (job) => ({ ...job, filterGraph: (job.filterGraph ?? '').replace(/volume=[-.\d]+dB/, 'volume=0') });
    const refused = { code: 'ENCODE_FAILED', facts: { faults: ['SILENT'], loudness: null } };
    await expect(clipOf(await recording('talk.mp4'), order)).rejects.toMatchObject(refused);
    const [silent] = await clipOf(await recording('silent.wav'), order);
    expect(silent?.quality.loudness).toBeNull();
  });
});
