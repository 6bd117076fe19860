import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { srtOf } from './captions.ts';
import { pictureOf } from './picture.ts';
import { talk } from './talk.ts';
import { type Timeline, timelineOf } from './timeline.ts';
import { truthOf } from './truth.ts';
import { rate, speak } from './voice.ts';

/**
 * Makes samples/talk.mp4 and samples/talk.truth.json: node scripts/sample/make.ts [folder of Inter's .ttf faces].
 * Needs ffmpeg with libx264 and libass, Festival and its voice: apt-get install ffmpeg festival festvox-us-slt-hts.
 */
async function make(fonts: string): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sample-'));
  try {
    const spoken = await speak(
      talk.flatMap(({ sentences }) => sentences.map(({ text }) => text)),
      folder,
    );
    const timeline = timelineOf(talk, spoken);
    await writeFile(path.join(folder, 'voice.pcm'), timeline.samples);
    await writeFile(path.join(folder, 'captions.srt'), srtOf(timeline.sentences));
    await writeFile(path.join(folder, 'picture.ass'), pictureOf(timeline));
    await encode(timeline, { folder, fonts });
    await writeFile('samples/talk.truth.json', truthOf(timeline));
  } finally {
    await rm(folder, { recursive: true });
  }
}

// The voice is dry and flat: a low cut, some presence, gentle compression, and brown noise at -53 dBFS as the room.
// One fixed gain brings it to -19 LUFS (measured); loudnorm would ride the gain through the pauses.
const sound =
  '[0:a]highpass=f=75,equalizer=f=240:t=q:w=1:g=-2,equalizer=f=3400:t=q:w=0.9:g=3,' +
  'acompressor=threshold=0.12:ratio=2.5:attack=8:release=160,aresample=48000[voice];' +
  '[1:a]lowpass=f=1800,aresample=48000[room];' +
  '[voice][room]amix=inputs=2:duration=first,volume=11.5dB,alimiter=limit=0.8[sound]';

async function encode(timeline: Timeline, from: { folder: string; fonts: string }): Promise<void> {
  const seconds = (timeline.durationMs / 1000).toFixed(3);
  const fonts = path.resolve(from.fonts);
  const args = [
    ['-y', '-hide_banner', '-loglevel', 'error'],
    ['-f', 's16le', '-ar', String(rate), '-ac', '1', '-i', 'voice.pcm'],
    ['-f', 'lavfi', '-i', 'anoisesrc=color=brown:amplitude=0.005:seed=7:sample_rate=48000'],
    ['-f', 'lavfi', '-i', 'color=c=0x14203a:s=1280x720:r=25'],
    ['-i', 'captions.srt'],
    ['-filter_complex', `${sound};[2:v]ass=picture.ass:fontsdir=${fonts},format=yuv420p[picture]`],
    ['-map', '[picture]', '-map', '[sound]', '-map', '3:s', '-t', seconds],
    ['-c:v', 'libx264', '-preset', 'slow', '-crf', '24', '-tune', 'animation', '-g', '100'],
    ['-c:a', 'aac', '-b:a', '80k', '-ac', '1', '-c:s', 'mov_text'],
    ['-metadata', 'title=The recording we lost', '-metadata:s:a:0', 'language=eng', '-metadata:s:s:0', 'language=eng'],
    ['-map_chapters', '-1', '-fflags', '+bitexact', '-flags:v', '+bitexact', '-flags:a', '+bitexact'],
    ['-movflags', '+faststart', path.resolve('samples/talk.mp4')],
  ].flat();
  await promisify(execFile)('ffmpeg', args, { cwd: from.folder });
}

await make(process.argv[2] ?? 'src/media/fonts');
