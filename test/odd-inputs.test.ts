import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Folder, openFolder } from '#base/temp.ts';
import { type Span, sourceMs } from '#base/time.ts';
import { type Analysis, analyse } from '#media/analysis.ts';
import { cutSpeech } from '#media/audio.ts';
import { encodeClip } from '#media/encode.ts';
import type { Ffmpeg } from '#media/ffmpeg.ts';
import { type MediaFacts, probe } from '#media/probe.ts';
import { sniff } from '#media/sniff.ts';
import { beepsIn, eventsOf, flashAndBeep } from './support/flash-and-beep.ts';
import { calm, ffmpegForTests, firstPart, grayFrame, made, samplesOf } from './support/media.ts';

const execute = promisify(execFile);

const h264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p'];
const aac = ['-c:a', 'aac'];
const surround = 'pan=5.1|FL=0.5*c0|FR=0.5*c0|FC=c0|LFE=0*c0|BL=0.2*c0|BR=0.2*c0';
const gaps = "select='not(mod(n,3))+between(mod(n,30),14,22)'";
const video = { width: 320, height: 180 };

/** Name, what is odd, how it is made, and what is to be seen of it. Every second flashes and beeps at its middle. */
const pictured: readonly [string, readonly string[], object][] = [
  ['varying.mp4', ['-vf', gaps, '-vsync', '0', ...h264, ...aac], { video: { variableFrameRate: true } }],
  ['fast.mp4', ['-vf', 'fps=60', ...h264, ...aac], { video: { frameRate: 60 } }],
  ['wide-pixels.mp4', ['-vf', 'setsar=4/3', ...h264, ...aac], { video: { width: 427, height: 180 } }],
  ['surround.mp4', ['-af', surround, ...h264, ...aac], { audio: { channels: 6 } }],
  ['studio.mkv', [...h264, '-ar', '96000', '-c:a', 'flac'], { audio: { sampleRate: 96_000 } }],
  ['disc.mp4', [...h264, '-ar', '44100', ...aac], { audio: { sampleRate: 44_100 } }],
  ['unstamped.avi', ['-c:v', 'mpeg4', '-bf', '2', '-c:a', 'libmp3lame'], { container: 'avi' }],
  ['reordered.mp4', [...h264, '-bf', '4', '-x264-params', 'b-adapt=0', ...aac], { video }],
  ['reordered.mov', [...h264, '-bf', '4', '-x264-params', 'b-adapt=0', ...aac], { container: 'mov' }],
  ['late-sound.mp4', ['-af', 'atrim=start=1.2', ...h264, ...aac], { video }],
  ['late-sound.mkv', ['-af', 'atrim=start=1.2', ...h264, '-c:a', 'flac'], { video }],
  ['late-picture.mp4', ['-vf', 'trim=start=0.8', ...h264, ...aac], { video }],
  ['from-ten-seconds.mkv', ['-output_ts_offset', '10', ...h264, ...aac], { video }],
  ['odd-size.mkv', ['-vf', 'scale=321:181,setsar=1,format=yuv444p', '-c:v', 'ffv1', ...aac], { video: { width: 321 } }],
  ['narrow.mp4', ['-vf', 'scale=98:182,setsar=1', ...h264, ...aac], { video: { width: 98, height: 182 } }],
  ['broadcast.mov', ['-c:v', 'prores_ks', '-pix_fmt', 'yuv422p10le', '-c:a', 'pcm_s24le'], { container: 'mov' }],
  ['camera.mp4', ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv422p', ...aac], { video }],
  ['webcam.webm', ['-c:v', 'libvpx', '-deadline', 'realtime', '-b:v', '1M', '-c:a', 'libvorbis'], { video }],
  ['browser.mkv', [...h264, '-c:a', 'libopus', '-live', '1'], { container: 'matroska' }],
  [
    'in-pieces.mp4',
    [...h264, '-bf', '0', '-g', '30', ...aac, '-movflags', 'frag_keyframe+empty_moov'],
    { container: 'mp4' },
  ],
];

const heard: readonly [string, readonly string[], object][] = [
  ['talk.mp3', ['-vn', '-c:a', 'libmp3lame'], { container: 'mp3' }],
  ['talk.wav', ['-vn', '-ar', '44100'], { container: 'wav' }],
  ['talk.m4a', ['-vn', '-ac', '2', ...aac], { container: 'm4a' }],
  ['talk.ogg', ['-vn', '-c:a', 'libvorbis'], { container: 'ogg' }],
  ['talk.flac', ['-vn', '-ar', '96000', '-c:a', 'flac'], { container: 'flac' }],
  ['surround.wav', ['-vn', '-af', surround], { audio: { channels: 6 } }],
];

const cuts: readonly Span[] = [{ startMs: sourceMs(1000), endMs: sourceMs(3000) }];

describe('a recording as cameras, phones and programs make them', () => {
  let ffmpeg: Ffmpeg;
  let folder: Folder;
  beforeAll(async () => {
    ffmpeg = await ffmpegForTests();
    folder = await openFolder();
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  async function factsOf(file: string): Promise<MediaFacts> {
    await sniff(file);
    return (await probe(ffmpeg, file, calm())).facts;
  }

  async function clipOf(source: string, facts: MediaFacts, preset: 'LANDSCAPE_720P' | 'AUDIO_ONLY') {
    const out = folder.file(`${crypto.randomUUID()}.${preset === 'AUDIO_ONLY' ? 'm4a' : 'mp4'}`);
    const shapes = [{ preset, plan: { kind: 'FIT' }, assFile: null, out }] as const;
    const [encoded] = await encodeClip(ffmpeg, { source, facts, cuts, shapes, signal: calm() });
    return { out, facts: encoded?.facts };
  }

  const analysed = (file: string, facts: MediaFacts) =>
    analyse(ffmpeg, file, { facts, storyboardFile: folder.file(`${crypto.randomUUID()}.jpg`), signal: calm() });

  test.each(pictured)('%s is read to its end and cut with picture and sound together', async (name, options, seen) => {
    const file = await flashAndBeep(name, options);
    const facts = await factsOf(file);
    expect(facts).toMatchObject(seen);
    expect(Math.abs(facts.durationMs - 4000)).toBeLessThan(120);
    const { silences, picture } = await analysed(file, facts);
    expectPauses(silences);
    expectKeyFrames(picture);
    const { out, facts: clip } = await clipOf(file, facts, 'LANDSCAPE_720P');
    expect(clip).toMatchObject({ video: { width: 1280, height: 720 }, audio: { sampleRate: 48_000, channels: 2 } });
    expect(Math.abs((clip?.durationMs ?? 0) - 2000)).toBeLessThanOrEqual(40);
    expect(clip?.video?.colours).toEqual({ matrix: 'BT709', transfer: 'SDR', fullRange: false });
    const { flashes, beeps } = await eventsOf(ffmpeg, out);
    expect([flashes.length, beeps.length]).toEqual([2, 2]);
    for (const [at, wanted] of [500, 1500].entries()) {
      expect(Math.abs((flashes[at] ?? 0) - wanted)).toBeLessThanOrEqual(40);
      expect(Math.abs((beeps[at] ?? 0) - wanted)).toBeLessThanOrEqual(40);
      expect(Math.abs((beeps[at] ?? 0) - (flashes[at] ?? 0))).toBeLessThanOrEqual(40);
    }
  });

  test.each([
    { held: 'upright', rotation: 90, width: 180, height: 320, corner: 'upper right' },
    { held: 'upside down', rotation: 180, width: 320, height: 180, corner: 'lower right' },
    { held: 'upright the other way', rotation: 270, width: 180, height: 320, corner: 'lower left' },
  ])('what a phone recorded $held is shown as it was seen', async ({ rotation, width, height, corner }) => {
    const lamp = 'color=black:s=320x180:r=30:d=4,drawbox=w=40:h=40:c=white:t=fill';
    const lying = await made(ffmpeg.tools.ffmpeg, 'lying.mp4', ['-f', 'lavfi', '-i', lamp, ...h264]);
    // This tag counts against the clock.
    const turn = ['-i', lying, '-c', 'copy', '-metadata:s:v:0', `rotate=${360 - rotation}`];
    const file = await made(ffmpeg.tools.ffmpeg, `held-${rotation}.mp4`, turn);
    const facts = await factsOf(file);
    expect(facts.video).toMatchObject({ width, height, rotation });
    const { sample } = (await analysed(file, facts)).picture ?? {};
    expect(sample).toMatchObject(width > height ? { width: 320, height: 180 } : { width: 180, height: 320 });
    expect(litCorner(sample?.pictures[0] ?? [], { width: sample?.width ?? 0, bar: 0 })).toBe(corner);
    const { out } = await clipOf(file, facts, 'LANDSCAPE_720P');
    const bar = (1280 - (720 * width) / height) / 2;
    expect(litCorner(await grayFrame(ffmpeg, out), { width: 1280, bar })).toBe(corner);
  });

  test.each([
    ['smpte2084', 'PQ', 573],
    ['arib-std-b67', 'HLG', 721],
  ] as const)('a page in the light of %s is as bright as a page on a usual screen', async (tag, transfer, level) => {
    const page = `color=black:s=320x180:r=30:d=4,format=yuv420p10le,geq=lum=${level}:cb=512:cr=512`;
    const wide = ['-color_primaries', 'bt2020', '-colorspace', 'bt2020nc', '-color_trc', tag, '-color_range', 'tv'];
    const file = await made(ffmpeg.tools.ffmpeg, `${transfer}.mkv`, [
      '-f',
      'lavfi',
      '-i',
      page,
      '-c:v',
      'ffv1',
      ...wide,
    ]);
    const facts = await factsOf(file);
    expect(facts.video?.colours).toEqual({ matrix: 'BT2020', transfer, fullRange: false });
    const { out, facts: shown } = await clipOf(file, facts, 'LANDSCAPE_720P');
    expect(shown?.video?.colours).toEqual({ matrix: 'BT709', transfer: 'SDR', fullRange: false });
    // 148 as it is written; 215 of 255 is what 201 of 235 looks like.
    expect(Math.abs(((await grayFrame(ffmpeg, out))[1280 * 360 + 640] ?? 0) - 215)).toBeLessThanOrEqual(4);
  });

  test('the red of an old camera stays as red', async () => {
    const red = ['-f', 'lavfi', '-i', 'color=red:s=320x180:r=30:d=4,format=rgb24,scale=out_color_matrix=bt601'];
    const file = await made(ffmpeg.tools.ffmpeg, 'old-camera.mp4', [...red, ...h264, '-colorspace', 'smpte170m']);
    const { out } = await clipOf(file, await factsOf(file), 'LANDSCAPE_720P');
    const [r = 0, g = 255, b = 255] = await colourOf(out);
    expect(r).toBeGreaterThan(245);
    expect(Math.max(g, b)).toBeLessThan(12);
  });

  /** Red, green and blue in the middle of the first frame, as a player of BT.709 shows it. */
  async function colourOf(file: string): Promise<number[]> {
    const graph = 'crop=2:2:640:360,scale=in_color_matrix=bt709:in_range=tv,format=rgb24';
    const options = ['-v', 'error', '-nostdin', '-i', file, '-frames:v', '1', '-vf', graph, '-f', 'rawvideo', '-'];
    const { stdout } = await execute(ffmpeg.tools.ffmpeg, options, { encoding: 'buffer' });
    return [...stdout.subarray(0, 3)];
  }

  test.each(heard)('%s is read to its end and cut where it is said', async (name, options, seen) => {
    const file = await flashAndBeep(name, options);
    const facts = await factsOf(file);
    expect(facts).toMatchObject({ video: null, ...seen });
    expect(Math.abs(facts.durationMs - 4000)).toBeLessThan(120);
    expectPauses((await analysed(file, facts)).silences);
    const { out } = await clipOf(file, facts, 'AUDIO_ONLY');
    const beeps = await beepsIn(ffmpeg, out);
    expect(beeps).toHaveLength(2);
    for (const [at, wanted] of [500, 1500].entries()) expect(Math.abs((beeps[at] ?? 0) - wanted)).toBeLessThan(10);
  });

  test.each(['late-sound.mp4', 'from-ten-seconds.mkv', 'unstamped.avi', 'surround.mp4'])(
    '%s is heard by a recogniser at the times that a viewer sees',
    async (name) => {
      const [, options = []] = pictured.find(([known]) => known === name) ?? [];
      const out = folder.file(`${name}.wav`);
      await cutSpeech(ffmpeg, { file: await flashAndBeep(name, options), spans: cuts, out, signal: calm() });
      expect((await samplesOf(ffmpeg, out)).length / 48).toBe(2000);
      for (const [at, beep] of (await beepsIn(ffmpeg, out)).entries()) {
        expect(Math.abs(beep - (500 + at * 1000))).toBeLessThan(25);
      }
    },
  );

  test('bytes behind the end of a recording change nothing', async () => {
    const file = await flashAndBeep('whole.mp4', [...h264, ...aac, '-movflags', '+faststart']);
    await writeFile(folder.file('tail.mp4'), Buffer.concat([await readFile(file), randomBytes(5000)]));
    const facts = await factsOf(folder.file('tail.mp4'));
    expect(Math.abs(facts.durationMs - 4000)).toBeLessThan(120);
    const { out } = await clipOf(folder.file('tail.mp4'), facts, 'LANDSCAPE_720P');
    expect((await eventsOf(ffmpeg, out)).flashes).toHaveLength(2);
  });

  test('a recording whose index was to come last and is not there is called damaged', async () => {
    const file = await flashAndBeep('index-last.mp4', [...h264, ...aac]);
    await writeFile(folder.file('no-index.mp4'), await firstPart(file, 0.7));
    await expect(factsOf(folder.file('no-index.mp4'))).rejects.toMatchObject({ code: 'MEDIA_CORRUPT' });
  });

  test('a recorder that died leaves what it had written', async () => {
    const pieces = [...h264, '-bf', '0', '-g', '30', ...aac, '-movflags', 'frag_keyframe+empty_moov'];
    const file = await flashAndBeep('died.mp4', pieces);
    await writeFile(folder.file('part.mp4'), await firstPart(file, 0.9));
    const facts = await factsOf(folder.file('part.mp4'));
    expect(facts.durationMs).toBeGreaterThanOrEqual(3000);
    const { out } = await clipOf(folder.file('part.mp4'), facts, 'LANDSCAPE_720P');
    expect((await eventsOf(ffmpeg, out)).flashes).toHaveLength(2);
  });
});

/** In which corner of a gray picture it is white: a tenth of its sides away from its edges, and from the bars beside it. */
function litCorner(pixels: ArrayLike<number>, { width, bar }: { width: number; bar: number }): string | undefined {
  const height = pixels.length / width;
  const [left, right] = [bar, width - bar].map((edge) => Math.round(edge + (width / 2 - edge) * 0.1));
  const [upper, lower] = [Math.round(height * 0.05), Math.round(height * 0.95)];
  const corners = { 'upper left': [left, upper], 'upper right': [right, upper], 'lower left': [left, lower] };
  const all = Object.entries({ ...corners, 'lower right': [right, lower] });
  const lit = all.filter(([, [x = 0, y = 0]]) => (pixels[y * width + x] ?? 0) > 200).map(([name]) => name);
  return lit.join();
}

/** Those before the third and the fourth tone; before the others sound may not have begun. */
function expectPauses(silences: readonly Span[]): void {
  for (const endMs of [2500, 3500]) {
    const near = (silence: Span) =>
      Math.abs(silence.endMs - endMs) <= 45 && Math.abs(silence.startMs - (endMs - 800)) <= 45;
    expect(silences.filter(near)).toHaveLength(1);
  }
}

/** The first stands at the start, and those are changes before which the light was off or on. */
function expectKeyFrames(picture: Analysis['picture']): void {
  const times = picture?.timesMs ?? [];
  expect(times[0]).toBeLessThanOrEqual(45);
  const lit = times.map((atMs) => Math.floor((atMs + 20) / 100) % 10).map((tenth) => tenth === 5 || tenth === 6);
  expect(picture?.scenesMs).toEqual(times.filter((_, at) => at > 0 && lit[at] !== lit[at - 1]));
}
