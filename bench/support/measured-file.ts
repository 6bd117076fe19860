import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { environmentWith } from '#base/env.ts';
import { type Loudness, loudnessFrom, meter } from '#media/loudness.ts';

const execute = promisify(execFile);

/** What a bare ffmpeg says of a file or a link: loudness of its sound, milliseconds of its picture or else its sound. */
export async function measuredFile(from: string): Promise<{ loudness: Loudness | null; durationMs: number }> {
  const tool = environmentWith({}).FFMPEG_PATH ?? 'ffmpeg';
  const options = ['-hide_banner', '-nostdin', '-i', from, '-map', '0:a:0', '-af', meter, '-f', 'null', '-'];
  const { stderr } = await execute(tool, options, { maxBuffer: 64 * 1024 ** 2 });
  return { loudness: loudnessFrom(stderr.split('\n')), durationMs: await lengthOf(from) };
}

/** By its packets, not by what the container says. */
async function lengthOf(from: string): Promise<number> {
  const tool = environmentWith({}).FFPROBE_PATH ?? 'ffprobe';
  const wanted = ['-show_entries', 'packet=pts_time,duration_time', '-of', 'csv=p=0'];
  const listed = async (stream: string) =>
    (await execute(tool, ['-v', 'error', '-select_streams', stream, ...wanted, from], { maxBuffer: 64 * 1024 ** 2 }))
      .stdout;
  const lines = ((await listed('v:0')).trim() || (await listed('a:0')).trim()).split('\n');
  const ends = lines.map((line) => line.split(',').map(Number)).map(([at = 0, length = 0]) => at + length);
  return 1000 * Math.max(...ends.filter(Number.isFinite));
}
