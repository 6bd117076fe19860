import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openFolder } from '#base/temp.ts';
import { type ClipMs, clipMs, sourceMs, type Word } from '#base/time.ts';
import { type AssLook, toAss } from '#captions/ass.ts';
import { captionLayouts, shapeOf } from '#captions/caption-layouts.ts';
import { captionCues } from '#captions/captions.ts';
import { drawnCaptions } from '#captions/drawn-captions.ts';
import { safeAreas } from '#captions/safe-areas.ts';
import { parseSubtitles } from '#captions/subtitles.ts';
import { burned, writeBurnable } from '#media/burn.ts';
import { spreadWords } from '#timeline/word-timing.ts';
import { ffmpegForTests } from '../support/media.ts';
import { said, speech } from '../support/speech.ts';

const upright = { frame: { width: 360, height: 640 }, style: 'KARAOKE', safeArea: 'EVERYWHERE' } as const;
const wide = { frame: { width: 640, height: 360 }, style: 'PLAIN', safeArea: 'NONE' } as const;

const inClip = (words: readonly Word[]): Word<ClipMs>[] =>
  words.map((word) => ({ ...word, startMs: clipMs(word.startMs), endMs: clipMs(word.endMs) }));
const cuesOf = (words: readonly Word[], look: AssLook) =>
  captionCues(inClip(words), captionLayouts[shapeOf(look.frame)], look.language);
const assOf = (words: readonly Word[], look: AssLook): string => drawnCaptions(inClip(words), look).ass;
const saidIn = (text: string, seconds: number): Word[] =>
  spreadWords({ startMs: sourceMs(0), endMs: sourceMs(seconds * 1000), text }, []);

const eventsOf = (ass: string): { startMs: number; endMs: number; text: string }[] =>
  parseSubtitles(ass, 'ASS').cues.map(({ startMs, endMs, text }) => ({ startMs, endMs, text }));
const dialogueTexts = (ass: string): string[] =>
  (ass.match(/^Dialogue: .*$/gm) ?? []).map((line) => line.split(',').slice(9).join(','));

describe('toAss', () => {
  test('what it writes reads as the captions, whatever is said', () => {
    const nasty = ['{eleven}', '{\\an8}', 'C:\\Nexus', '\\N', 'a}b{c', '<b>it</b>', 'it’s', '50%', '100,000'];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...nasty), { minLength: 1, maxLength: 6 }), (texts) => {
        const cues = cuesOf(said(texts.join(' ')), wide);
        const read = eventsOf(toAss(cues, wide)).map((event) => event.text);
        expect(read).toEqual(cues.map((cue) => cue.lines.join(' ').replaceAll('<b>', '').replaceAll('</b>', '')));
      }),
    );
  });

  test('no text of any kind can open an override block, a command or a line of its own', () => {
    const letters = fc.string({
      unit: fc.oneof(
        fc.constantFrom('{', '}', '\\', 'N', 'n', 'h', ',', '\n', '\r', '\u0000', '\u2028'),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      ),
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(fc.array(letters, { minLength: 1, maxLength: 5 }), fc.constantFrom(wide, upright), (texts, look) => {
        const words = texts.map((text, index) => ({
          text,
          startMs: sourceMs(index * 400),
          endMs: sourceMs(index * 400 + 300),
        }));
        const ass = toAss(cuesOf(words, look), look);
        const body = ass
          .slice(ass.indexOf('[Events]'))
          .trimEnd()
          .split(/\r\n|[\r\n]/)
          .slice(2);
        expect(body.filter((line) => !line.startsWith('Dialogue: '))).toEqual([]);
        for (const text of dialogueTexts(ass)) expect(strange(text)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('times are on the 10 ms grid, never more than 5 ms off, and words of a cue follow without a gap', () => {
    fc.assert(
      fc.property(speech({ maxLength: 40 }), (words) => {
        const cues = cuesOf(words, upright);
        const events = eventsOf(toAss(cues, upright));
        for (const cue of cues.filter((cue) => cue.endMs - cue.startMs >= 20)) {
          const inside = events.filter((event) => event.startMs >= cue.startMs - 5 && event.endMs <= cue.endMs + 5);
          expect(Math.abs((inside[0]?.startMs ?? 0) - cue.startMs)).toBeLessThanOrEqual(5);
          expect(Math.abs((inside.at(-1)?.endMs ?? 0) - cue.endMs)).toBeLessThanOrEqual(5);
          for (const [index, event] of inside.entries())
            expect(event.endMs).toBe(inside[index + 1]?.startMs ?? event.endMs);
        }
      }),
    );
  });

  test('colours one word at a time, also when it comes twice', () => {
    const texts = dialogueTexts(assOf(said('the cat the'), upright));
    expect(texts.map((text) => text.replaceAll(/\{[^}]*\}/g, '|'))).toEqual([
      '|the| cat the',
      'the |cat| the',
      'the cat |the',
    ]);
  });

  test('a text of several scripts is set in a face for each', () => {
    const [text] = dialogueTexts(assOf(said('Hi 你好 Ж 🎉'), { ...wide, language: 'en' }));
    expect(text?.replaceAll(/\\fs\d+/g, '')).toBe('Hi{\\fnNoto Sans SC Thin}你好{\\fnInter}Ж {\\fnNoto Emoji}🎉');
  });
});

/** Override blocks and commands, read as libass reads them, that are not ours. */
function strange(text: string): string[] {
  const found: string[] = [];
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\' && /[{}]/.test(text[at + 1] ?? '')) at++;
    else if (text[at] === '\\' && text[at + 1] === 'N') at++;
    else if (text[at] === '\\' && /[nh]/.test(text[at + 1] ?? '')) found.push(text.slice(at, at + 2));
    else if (text[at] === '{') {
      const block = text.slice(at, text.indexOf('}', at) + 1);
      if (!/^\{(?:\\fn[A-Za-z ]+|\\fs\d+|\\c&H00[0-9A-F]{6}&)+\}$/.test(block)) found.push(block);
      at += block.length - 1;
    }
  }
  return found;
}

describe('drawn by ffmpeg', () => {
  test.each(['EVERYWHERE', 'TIKTOK', 'INSTAGRAM', 'YOUTUBE', 'NONE'] as const)(
    'an upright caption stays inside the safe area %s',
    async (safeArea) => {
      const look = { ...upright, safeArea };
      const { lit } = await drawn(assOf(said('WWWW {eleven} MMMM from C:\\Nexus'), look), look);
      const { side, bottom } = safeAreas[safeArea];
      expect(lit.count).toBeGreaterThan(200);
      expect(lit.left).toBeGreaterThanOrEqual(Math.floor((side / 1080) * 360) - 2);
      expect(lit.right).toBeLessThanOrEqual(Math.ceil(360 - (side / 1080) * 360) + 2);
      expect(lit.bottom).toBeLessThanOrEqual(Math.ceil(640 - (bottom / 1920) * 640));
    },
  );

  test('an upright caption stands where two parts of the picture meet, but in no app under its buttons', async () => {
    const caption = (seam: number) => {
      const look = { ...upright, seam };
      return drawn(assOf(said('We removed eleven of them.'), look), look);
    };
    const meeting = (await caption(300)).lit;
    expect(meeting.count).toBeGreaterThan(200);
    expect(meeting.top).toBeLessThan(300);
    expect(meeting.bottom).toBeGreaterThan(300);
    expect(meeting.bottom).toBeLessThanOrEqual(330);
    expect((await caption(560)).lit.bottom).toBeLessThanOrEqual(480);
  });

  test('a word too long for the frame is set smaller', async () => {
    const { lit } = await drawn(assOf(said('Rechtsschutzversicherungsgesellschaftsverband'), upright), upright);
    expect([lit.left >= 58, lit.right <= 302, lit.count > 100]).toEqual([true, true, true]);
  });

  test('a box stands behind all lines of a caption', async () => {
    const look = { ...wide, style: 'BOXED' } as const;
    const words = said('We removed eleven of them from a busy table and it got faster.');
    const { lit } = await drawn(assOf(words, look), look, { backdrop: 'white', isLit: (value) => value < 80 });
    expect((lit.right - lit.left) * (lit.bottom - lit.top)).toBeLessThan(lit.count * 1.6);
  });

  test('in Arabic the first word is lit at the right and the last at the left', async () => {
    const look = { ...wide, style: 'KARAOKE', language: 'ar' } as const;
    const words = saidIn('فهرسًا Orders المزدحم', 1.5);
    const lit = (atMs: number) =>
      drawn(assOf(words, look), look, { atMs, isLit: (red, blue) => red > 128 && blue < 90 });
    const [first, second, third] = [await lit(10), await lit(800), await lit(1400)];
    expect(first.lit.left).toBeGreaterThan(second.lit.right);
    expect(second.lit.left).toBeGreaterThan(third.lit.right);
  });

  test('every script we ship a face for is drawn with letters of its own', async () => {
    const texts = [
      'Żółw Ünïcode',
      'Ґанок',
      'حذفنا',
      'מחקנו',
      'ग्यारह',
      'ดัชนี',
      '索引，這個',
      'インデックス、',
      '인덱스',
      '🎉👩‍🔬',
    ];
    const words = texts.map((text, index) => ({
      text: `${text}.`,
      startMs: sourceMs(index * 1000),
      endMs: sourceMs(index * 1000 + 900),
    }));
    const { complaints } = await drawn(assOf(words, wide), wide, { seconds: texts.length });
    expect(complaints).toEqual([]);
  });
});

interface Drawing {
  readonly backdrop?: string;
  readonly atMs?: number;
  readonly seconds?: number;
  /** By red and blue. */
  readonly isLit?: (red: number, blue: number) => boolean;
}

/** One frame drawn by ffmpeg, where its pixels are lit, and which letters libass did not find. */
async function drawn(ass: string, look: AssLook, drawing: Drawing = {}) {
  await using folder = await openFolder();
  const assFile = folder.file('captions.ass');
  await writeBurnable(assFile, ass);
  const { width, height } = look.frame;
  const { backdrop = 'black', atMs = 100, seconds = 0.1, isLit = (red: number) => red > 128 } = drawing;
  const source = `color=c=${backdrop}:s=${width}x${height}:r=10:d=${seconds}`;
  const graph = `[0:v]format=rgb24,setpts=PTS+${atMs / 1000}/TB[in];${burned(assFile, { input: 'in', output: 'out' })}`;
  const { ffmpeg } = (await ffmpegForTests()).tools;
  const output = ['-map', '[out]', '-vsync', '0', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'];
  const { stdout, stderr } = await promisify(execFile)(
    ffmpeg,
    ['-v', 'verbose', '-f', 'lavfi', '-i', source, '-filter_complex', graph, ...output],
    { encoding: 'buffer', maxBuffer: width * height * 3 * Math.ceil(seconds * 10) + 1_000_000 },
  );
  const lit = { count: 0, left: width, right: 0, top: height, bottom: 0 };
  for (let at = 0; at < width * height; at++) {
    if (!isLit(stdout[at * 3] ?? 0, stdout[at * 3 + 2] ?? 0)) continue;
    const [x, y] = [at % width, Math.floor(at / width)];
    lit.count += 1;
    [lit.left, lit.right] = [Math.min(lit.left, x), Math.max(lit.right, x)];
    [lit.top, lit.bottom] = [Math.min(lit.top, y), Math.max(lit.bottom, y)];
  }
  return { lit, complaints: stderr.toString().match(/Glyph \S+ not found.*/g) ?? [] };
}
