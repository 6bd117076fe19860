import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { drawHead, drawSlide } from './slides.ts';
import type { Spoken, Truth } from './truth.ts';

const quiet = ['-y', '-hide_banner', '-nostdin', '-loglevel', 'error'];
function ffmpeg(args: readonly (readonly string[])[]): void {
  execFileSync('ffmpeg', [quiet, ...args].flat(), { stdio: ['ignore', 'inherit', 'inherit'] });
}
const inEnglish = ['-metadata:s:s:0', 'language=eng', '-metadata:s:a:0', 'language=eng', '-movflags', '+faststart'];

/** Films a spoken lecture: slides, a noisy camera with a head that moves, sound, captions, chapters. 30 frames a second. */
export async function film(folder: string, truth: Truth): Promise<void> {
  const file = (name: string): string => path.join(folder, name);
  mkdirSync(file('slides'), { recursive: true });
  writeFileSync(file('slides.ffconcat'), await shownSlides(file('slides'), truth));
  writeFileSync(file('chapters.txt'), chaptersOf(truth));
  await drawHead(file('head.png'));
  ffmpeg([
    [
      '-f',
      'concat',
      '-safe',
      '0',
      '-i',
      file('slides.ffconcat'),
      '-loop',
      '1',
      '-framerate',
      '30',
      '-i',
      file('head.png'),
    ],
    ['-i', file('lecture.wav'), '-i', file('captions.srt'), '-i', file('chapters.txt')],
    ['-filter_complex', graphOf(truth.camera), '-map', '[picture]', '-map', '2:a', '-map', '3:s'],
    ['-map_metadata', '4', '-map_chapters', '4', '-t', String(truth.duration)],
    ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23', '-g', '250', '-pix_fmt', 'yuv420p'],
    ['-c:a', 'aac', '-aac_coder', 'fast', '-ar', '48000', '-ac', '2', '-b:a', '128k', '-c:s', 'mov_text'],
    [...inEnglish, file('lecture.mp4')],
  ]);
}

/** Lays another lecture's picture under a longer one's own sound, again and again, without encoding it anew. */
export function refilm(folder: string, truth: Truth, pictures: string): void {
  const file = (name: string): string => path.join(folder, name);
  const picture = path.resolve(pictures, 'lecture.mp4');
  const times = Math.ceil(truth.duration / lengthOf(picture));
  writeFileSync(file('loop.ffconcat'), `ffconcat version 1.0\n${`file '${picture}'\n`.repeat(times)}`);
  ffmpeg([
    ['-i', file('lecture.wav'), '-c:a', 'aac', '-aac_coder', 'fast', '-ar', '48000', '-ac', '2', '-b:a', '128k'],
    [file('sound.m4a')],
  ]);
  ffmpeg([
    ['-f', 'concat', '-safe', '0', '-i', file('loop.ffconcat'), '-i', file('sound.m4a'), '-i', file('captions.srt')],
    ['-map', '0:v', '-map', '1:a', '-map', '2:s', '-c', 'copy', '-c:s', 'mov_text', '-map_chapters', '-1'],
    ['-t', String(truth.duration), ...inEnglish, file('lecture.mp4')],
  ]);
}

const lengthOf = (file: string): number =>
  Number(
    execFileSync('ffprobe', ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', file]).toString(),
  );

async function shownSlides(folder: string, { slides, duration }: Spoken): Promise<string> {
  const lines = ['ffconcat version 1.0'];
  let last = '';
  for (const [at, slide] of slides.entries()) {
    last = await drawSlide(folder, slide, at);
    const shownFrom = at === 0 ? 0 : slide.at;
    lines.push(`file '${last}'`, `duration ${((slides[at + 1]?.at ?? duration) - shownFrom).toFixed(6)}`);
  }
  return [...lines, `file '${last}'`].join('\n');
}

/** A chapter for each topic. */
function chaptersOf({ slides, duration }: Spoken): string {
  const first = slides.filter(({ title }, at) => title !== slides[at - 1]?.title);
  const starts = first.map(({ at }, index) => (index === 0 ? 0 : Math.round(at * 1000)));
  const chapters = first.map(({ title }, at) =>
    [
      '[CHAPTER]',
      'TIMEBASE=1/1000',
      `START=${starts[at]}`,
      `END=${starts[at + 1] ?? Math.round(duration * 1000)}`,
      `title=${title}`,
    ].join('\n'),
  );
  return [';FFMETADATA1', ...chapters].join('\n');
}

const graphOf = ({ x, y, w, h }: Truth['camera']): string =>
  [
    '[0:v]fps=30,setsar=1,format=yuv420p[slides]',
    `color=c=0x55606a:s=${w}x${h}:r=30,noise=alls=9:allf=t[wall]`,
    '[1:v]format=rgba[head]',
    "[wall][head]overlay=x='120+60*sin(2*PI*t/7)+18*sin(2*PI*t/1.3)':y='10+10*sin(2*PI*t/2.1)':eval=frame,format=yuv420p[camera]",
    `[slides][camera]overlay=x=${x}:y=${y}:shortest=0[picture]`,
  ].join(';');
