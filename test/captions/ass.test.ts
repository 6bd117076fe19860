import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openFolder } from '#base/temp.ts';
import { type ClipMs, clipMs, type Word } from '#base/time.ts';
import { type AssLook, toAss } from '#captions/ass.ts';
import { captionCues, captionLayoutFor } from '#captions/captions.ts';
import { parseSubtitles } from '#captions/subtitles.ts';
import { ffmpegForTests } from '../support/media.ts';
import { said, speech } from '../support/speech.ts';

const upright: AssLook = { width: 1080, height: 1920, style: 'KARAOKE' };
const wide: AssLook = { width: 1920, height: 1080, style: 'PLAIN' };

const inClip = (words: readonly Word[]): Word<ClipMs>[] =>
  words.map((word) => ({ ...word, startMs: clipMs(word.startMs), endMs: clipMs(word.endMs) }));
const assOf = (words: readonly Word[], look: AssLook): string =>
  toAss(captionCues(inClip(words), captionLayoutFor(look)), look);

const eventsOf = (ass: string): { startMs: number; endMs: number; text: string }[] =>
  parseSubtitles(ass, 'ASS').cues.map(({ startMs, endMs, text }) => ({ startMs, endMs, text }));

describe('toAss', () => {
  test('what it writes reads as the captions, whatever is said', () => {
    const nasty = ['{eleven}', '{\\an8}', 'C:\\Nexus', '\\N', 'a}b{c', '<b>it</b>', 'it’s', '50%', '100,000'];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...nasty), { minLength: 1, maxLength: 6 }), (texts) => {
        const words = said(texts.join(' '));
        const cues = captionCues(inClip(words), captionLayoutFor(wide));
        const read = eventsOf(toAss(cues, wide)).map((event) => event.text);
        expect(read).toEqual(cues.map((cue) => cue.lines.join(' ').replaceAll('<b>', '').replaceAll('</b>', '')));
      }),
    );
  });

  test('times are on the 10 ms grid, never more than 5 ms off, and words of a cue follow without a gap', () => {
    fc.assert(
      fc.property(speech({ maxLength: 40 }), (words) => {
        const cues = captionCues(inClip(words), captionLayoutFor(upright));
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
    const ass = assOf(said('the cat the'), upright);
    expect(ass.match(/Caption,,0,0,0,,.*$/gm)?.map((line) => line.slice(16).replaceAll(/\{[^}]*\}/g, '|'))).toEqual([
      '|the| cat the',
      'the |cat| the',
      'the cat |the|',
    ]);
  });

  test('is drawn inside the safe area, the spoken word in its colour', async () => {
    const { lit, coloured } = await drawn(assOf(said('We removed {eleven} from C:\\Nexus'), upright), upright);
    expect(coloured).toBeGreaterThan(300);
    expect(lit.count).toBeGreaterThan(coloured);
    expect([lit.left >= 100, lit.right <= 980, lit.bottom <= 1460, lit.top > 1100]).toEqual([true, true, true, true]);
  });

  test('a word too long for the frame is set smaller', async () => {
    const ass = assOf(said('Rechtsschutzversicherungsgesellschaftsverband'), upright);
    const { lit } = await drawn(ass, upright);
    expect([lit.left >= 60, lit.right <= 1020, lit.count > 1000]).toEqual([true, true, true]);
  });
});

interface Drawn {
  readonly lit: {
    readonly count: number;
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly bottom: number;
  };
  readonly coloured: number;
}

/** One frame at 0.1 s, drawn by ffmpeg on black, and where its pixels are lit. */
async function drawn(ass: string, look: AssLook): Promise<Drawn> {
  await using folder = await openFolder();
  await writeFile(folder.file('captions.ass'), ass);
  const fonts = path.resolve('src/media/fonts/inter');
  const source = `color=c=black:s=${look.width}x${look.height}:r=10:d=0.2`;
  const draw = `ass=captions.ass:fontsdir=${fonts}`;
  const { ffmpeg } = (await ffmpegForTests()).tools;
  const { stdout } = await promisify(execFile)(
    ffmpeg,
    [
      '-v',
      'error',
      '-f',
      'lavfi',
      '-i',
      source,
      '-vf',
      draw,
      '-frames:v',
      '1',
      '-f',
      'rawvideo',
      '-pix_fmt',
      'rgb24',
      '-',
    ],
    { cwd: folder.path, encoding: 'buffer', maxBuffer: look.width * look.height * 3 + 1 },
  );
  const pixels = Array.from({ length: stdout.length / 3 }, (_, index) => index);
  const lit = pixels.filter((index) => (stdout[index * 3] ?? 0) > 128);
  const [xs, ys] = [lit.map((index) => index % look.width), lit.map((index) => Math.floor(index / look.width))];
  const least = (values: readonly number[]): number =>
    values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const most = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 0);
  return {
    lit: { count: lit.length, left: least(xs), right: most(xs), top: least(ys), bottom: most(ys) },
    coloured: lit.filter((index) => (stdout[index * 3 + 2] ?? 0) < 90).length,
  };
}
