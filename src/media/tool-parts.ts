import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Problem } from '#base/problem.ts';

const execute = promisify(execFile);

/** Everything the filter graphs and outputs of this folder name. */
const needed = {
  filters:
    'acrossfade aformat afade alimiter apad aresample asetpts asplit ass atrim boxblur color concat crop ebur128 fade format fps lutyuv ' +
    'null overlay pad scale select setpts setsar settb split tile tonemap tpad trim volume vstack zscale',
  encoders: 'aac flac libx264 mjpeg pcm_s16le rawvideo',
} as const;

/** Throws TOOL_MISSING with what this build of ffmpeg lacks, so that no upload has to find out. */
export async function checkParts(ffmpeg: string): Promise<void> {
  const missing = (await Promise.all([missingOf(ffmpeg, 'filters'), missingOf(ffmpeg, 'encoders')])).flat();
  if (missing.length > 0) {
    throw new Problem('TOOL_MISSING', { tool: 'ffmpeg', reason: `this build has no ${missing.join(', ')}` });
  }
}

async function missingOf(ffmpeg: string, kind: keyof typeof needed): Promise<string[]> {
  const { stdout } = await execute(ffmpeg, ['-hide_banner', `-${kind}`], { maxBuffer: 1024 ** 2 });
  const present = new Set(stdout.split('\n').map((line) => line.trim().split(/\s+/)[1]));
  const missing = needed[kind].split(' ').filter((name) => !present.has(name));
  return missing.map((name) => `${kind.slice(0, -1)} ${name}`);
}
