import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Folder, openFolder } from '#base/temp.ts';
import { type Span, sourceMs } from '#base/time.ts';
import { writeBurnable } from '#media/burn.ts';
import type { CropPlan } from '#media/crop-plan.ts';
import { encodeClip } from '#media/encode.ts';
import type { Ffmpeg } from '#media/ffmpeg.ts';
import { mp4Layout } from '#media/mp4-layout.ts';
import { presets, type RenditionPreset } from '#media/presets.ts';
import { type MediaFacts, probe } from '#media/probe.ts';
import {
  calm,
  ffmpegForTests,
  frameNumbers,
  grayFrame,
  made,
  type RecordingName,
  recording,
  samplesOf,
  tickTimes,
} from '../support/media.ts';

let ffmpeg: Ffmpeg;
let folder: Folder;
beforeAll(async () => {
  ffmpeg = await ffmpegForTests();
  folder = await openFolder();
  return () => folder[Symbol.asyncDispose]();
});

const cut = (start: number, end: number): Span => ({ startMs: sourceMs(start), endMs: sourceMs(end) });

interface Order {
  readonly cuts: readonly Span[];
  readonly preset: RenditionPreset;
  readonly assFile?: string;
  readonly fadesIn?: ReadonlySet<number>;
  readonly facts?: Partial<MediaFacts>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (fraction: number) => void;
}

async function clipOf(source: string, order: Order) {
  const { preset, assFile = null, ...rest } = order;
  const [encoded] = await clipsOf(source, { ...rest, shapes: [{ preset, assFile }] });
  if (!encoded) throw new Error('nothing was encoded');
  return encoded;
}

interface ManyOrder extends Pick<Order, 'cuts' | 'fadesIn' | 'facts' | 'signal' | 'onProgress'> {
  readonly shapes: readonly { preset: RenditionPreset; assFile?: string | null; plan?: CropPlan }[];
}

/** One clip in several shapes. */
async function clipsOf(source: string, order: ManyOrder) {
  const { facts } = await probe(ffmpeg, source, calm());
  const shapes = order.shapes.map(({ preset, assFile = null, plan = { kind: 'FIT' } }) => {
    const out = folder.file(`${crypto.randomUUID()}.${presets[preset].extension}`);
    return { preset, assFile, plan, out };
  });
  const files = await encodeClip(ffmpeg, {
    source,
    signal: calm(),
    ...order,
    shapes,
    facts: { ...facts, ...order.facts },
  });
  return files.map((file, at) => ({
    ...file,
    out: shapes[at]?.out ?? '',
    loudness: file.quality.loudness,
    durationErrorMs: file.quality.durationErrorMs,
  }));
}

const range = (from: number, count: number) => Array.from({ length: count }, (_, at) => from + at);

describe('encodeClip', () => {
  it('is exact from a recording of five pictures a second, whose last one would last six frames', async () => {
    const sources = '-f lavfi -i testsrc2=s=320x180:r=5:d=12 -f lavfi -i sine=f=440:r=48000:d=12';
    const coding = '-c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac';
    const slow = await made(ffmpeg.tools.ffmpeg, 'slow.mp4', `${sources} ${coding}`.split(' '));
    const { facts, durationErrorMs } = await clipOf(slow, { cuts: [cut(3000, 6000)], preset: 'LANDSCAPE_720P' });
    expect(Math.abs(durationErrorMs)).toBeLessThanOrEqual(40);
    expect(facts.video).toMatchObject({ frameRate: 30, variableFrameRate: false });
  });

  it('tells the CPU time of all its passes', async () => {
    const source = await recording('counted.mp4');
    const shown = await clipOf(source, { cuts: [cut(1000, 3000)], preset: 'LANDSCAPE_720P' });
    const heard = await clipOf(source, { cuts: [cut(1000, 3000)], preset: 'AUDIO_ONLY' });
    expect(heard.cpuMs).toBeGreaterThan(0);
    expect(shown.cpuMs).toBeGreaterThan(heard.cpuMs);
  });

  it('cuts to the very frame, far from any key frame, with sound in place', async () => {
    const cuts = [cut(9500, 11_500)];
    const { out, facts, durationErrorMs } = await clipOf(await recording('counted.mp4'), {
      cuts,
      preset: 'LANDSCAPE_720P',
    });
    expect(await frameNumbers(ffmpeg, out)).toEqual(range(285, 60));
    for (const [at, tick] of tickTimes(await samplesOf(ffmpeg, out)).entries()) {
      expect(Math.abs(tick - (500 + at * 1000))).toBeLessThan(2);
    }
    expect(Math.abs(durationErrorMs)).toBeLessThanOrEqual(40);
    expect(facts).toMatchObject({
      container: 'mp4',
      video: { codec: 'h264', width: 1280, height: 720, frameRate: 30, variableFrameRate: false },
      audio: { codec: 'aac', sampleRate: 48_000, channels: 2 },
    });
  });

  it.each([
    ['late-sound.mkv', ['-c:v', 'copy', '-c:a', 'flac', '-filter:a', "aselect='gt(t,6)'"]],
    ['talk.webm', ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '1M', '-c:a', 'libopus']],
  ])('keeps picture and sound in place for %s', async (name, options) => {
    const source = await made(ffmpeg.tools.ffmpeg, name, ['-i', await recording('counted.mp4'), ...options]);
    const { out } = await clipOf(source, { cuts: [cut(5500, 7500)], preset: 'LANDSCAPE_720P' });
    expect(await frameNumbers(ffmpeg, out)).toEqual(range(165, 60));
    const wanted = name === 'late-sound.mkv' ? [1500] : [500, 1500];
    const ticks = tickTimes(await samplesOf(ffmpeg, out));
    for (const tick of wanted) expect(ticks.some((at) => Math.abs(at - tick) < 10)).toBe(true);
  });

  it('joins cuts, near and far, without adding up roundings', async () => {
    const cuts = [cut(100, 611), cut(700, 1211), cut(1300, 1811), cut(10_900, 11_411)];
    const { out } = await clipOf(await recording('counted.mp4'), { cuts, preset: 'LANDSCAPE_720P' });
    const numbers = await frameNumbers(ffmpeg, out);
    expect(numbers).toHaveLength(Math.round(2.044 * 30));
    for (const [at, number] of numbers.entries()) {
      const clipMs = (at * 1000) / 30;
      const within = Math.min(Math.floor((clipMs + 17) / 511), 3);
      const wanted = ((cuts[within]?.startMs ?? 0) + clipMs - within * 511) * 0.03;
      expect(Math.abs(number - wanted)).toBeLessThanOrEqual(1.05);
    }
    const samples = await samplesOf(ffmpeg, out);
    expect(Math.abs(samples.length / 48 - 2044)).toBeLessThan(45);
    const ticks = tickTimes(samples);
    expect(ticks).toHaveLength(2);
    for (const [at, wanted] of [811, 1633].entries()) expect(Math.abs((ticks[at] ?? 0) - wanted)).toBeLessThan(2);
  });

  it('writes what platforms ask for: index first, no edit list, no tags of the source', async () => {
    const tagged = [
      '-i',
      await recording('talk.mp4'),
      '-c',
      'copy',
      '-metadata',
      'title=private title',
      '-metadata',
      'artist=Ann',
    ];
    const source = await made(ffmpeg.tools.ffmpeg, 'tagged.mp4', tagged);
    const { out } = await clipOf(source, { cuts: [cut(1000, 2000)], preset: 'LANDSCAPE_720P' });
    expect(await mp4Layout(out)).toEqual({ fastStart: true, hasEditLists: false });
    expect(await mp4Layout(await recording('counted.mp4'))).toEqual({ fastStart: false, hasEditLists: true });
    expect((await readFile(out)).includes('private title')).toBe(false);
  });

  it.each<[RenditionPreset, number]>([
    ['LANDSCAPE_720P', -14],
    ['AUDIO_ONLY', -16],
  ])('brings %s to %d LUFS without clipping', async (preset, target) => {
    const { loudness, facts } = await clipOf(await recording('talk.mp4'), { cuts: [cut(0, 8000)], preset });
    expect(loudness?.integrated).toBeGreaterThan(target - 1);
    expect(loudness?.integrated).toBeLessThan(target + 1);
    expect(loudness?.truePeak).toBeLessThanOrEqual(0);
    expect(facts.audio?.integratedLoudness).toBe(loudness?.integrated);
  });

  it('makes an audio rendition of a recording without picture, exact in length', async () => {
    const { facts, durationErrorMs } = await clipOf(await recording('talk.wav'), {
      cuts: [cut(1234, 4567)],
      preset: 'AUDIO_ONLY',
    });
    expect(facts).toMatchObject({ container: 'm4a', video: null, audio: { codec: 'aac' } });
    expect(Math.abs(durationErrorMs)).toBeLessThanOrEqual(1);
  });

  it('puts captions on a card when there is sound but no picture', async () => {
    const { facts } = await clipOf(await recording('talk.wav'), { cuts: [cut(0, 1000)], preset: 'SQUARE_1080P' });
    expect(facts.video).toMatchObject({ width: 1080, height: 1080, frameRate: 30 });
  });

  it('makes a silent clip of a recording without sound, and refuses to make sound of it', async () => {
    const source = await recording('mute.mp4');
    const { facts, loudness } = await clipOf(source, { cuts: [cut(500, 1500)], preset: 'PORTRAIT_1080P' });
    expect({ audio: facts.audio, loudness }).toEqual({ audio: null, loudness: null });
    const alone = clipOf(source, { cuts: [cut(500, 1500)], preset: 'AUDIO_ONLY' });
    await expect(alone).rejects.toMatchObject({ code: 'MEDIA_NO_AUDIO' });
  });

  it.each<[RenditionPreset, RecordingName, string]>([
    ['PORTRAIT_1080P', 'counted.mp4', '1080:606:0:526'],
    ['SQUARE_1080P', 'counted.mp4', '1080:606:0:142'],
  ])('shows the whole picture in %s', async (preset, source, crop) => {
    const { out, facts } = await clipOf(await recording(source), { cuts: [cut(1000, 1500)], preset });
    expect(facts.video).toMatchObject(presets[preset].frame ?? {});
    expect(await frameNumbers(ffmpeg, out, crop)).toEqual(range(30, 15));
  });

  it('reports rising progress that ends at one', async () => {
    const seen: number[] = [];
    const onProgress = (fraction: number) => seen.push(fraction);
    await clipOf(await recording('talk.mp4'), { cuts: [cut(0, 3000)], preset: 'LANDSCAPE_720P', onProgress });
    expect(seen.at(-1)).toBe(1);
    expect([...seen].sort((a, b) => a - b)).toEqual(seen);
  });

  it('leaves nothing behind when it is canceled or asked for more than there is', async () => {
    const before = await readdir(folder.path);
    const controller = new AbortController();
    const order = { cuts: [cut(0, 12_000)], preset: 'PORTRAIT_1080P' } as const;
    const onProgress = () => controller.abort();
    const source = await recording('counted.mp4');
    await expect(clipOf(source, { ...order, onProgress, signal: controller.signal })).rejects.toMatchObject({
      code: 'CANCELED',
    });
    const beyond = clipOf(source, { cuts: [cut(11_000, 17_000)], preset: 'LANDSCAPE_720P' });
    await expect(beyond).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(await readdir(folder.path)).toEqual(before);
  });
});

describe('captions', () => {
  const ass = (text: string) => `[Script Info]
PlayResX: 1280
PlayResY: 720

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, OutlineColour, BackColour, Bold, BorderStyle, Outline, Alignment
Style: Default,Inter,90,&H00FFFFFF,&H00000000,&H00000000,-1,1,2,5

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:00.00,0:00:09.00,Default,,0,0,0,,${text}
`;

  it.each(['plain', "it's, [a] folder; with: \\odd 100% 'names'"])(
    'are drawn with the fonts we ship on a machine without any (%s)',
    async (name) => {
      const dark = ['-f', 'lavfi', '-i', 'color=black:s=320x180:r=30:d=1', '-c:v', 'libx264'];
      const source = await made(ffmpeg.tools.ffmpeg, 'dark.mp4', dark);
      await mkdir(folder.file(name), { recursive: true });
      await writeFile(folder.file('no-fonts.conf'), '<fontconfig></fontconfig>');
      vi.stubEnv('FONTCONFIG_FILE', folder.file('no-fonts.conf'));
      onTestFinished(() => void vi.unstubAllEnvs());
      const assFile = path.join(folder.file(name), 'captions.ass');
      await writeBurnable(assFile, ass('Grüße, Ωμέγα'));
      const { out } = await clipOf(source, { cuts: [cut(0, 500)], preset: 'LANDSCAPE_720P', assFile });
      const bright = (await grayFrame(ffmpeg, out)).filter((pixel) => pixel > 200).length;
      expect(bright).toBeGreaterThan(5000);
      expect(bright).toBeLessThan(60_000);
    },
  );
});
