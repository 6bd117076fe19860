import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Problem } from '#base/problem.ts';
import { canceled } from './ffmpeg-failure.ts';
import { guardsOf, urlOf } from './location.ts';
import type { Tools } from './tools.ts';

const execute = promisify(execFile);

/**
 * ffprobe's answer about a recording, as JSON. Not through fluent: it cannot be aborted, and it reads a text form in
 * which a tag with line breaks can forge any field. Throws MEDIA_UNSUPPORTED, MEDIA_CORRUPT, CANCELED.
 */
export async function ffprobe(tools: Tools, file: string, signal: AbortSignal): Promise<unknown> {
  const options = ['-v', 'error', '-of', 'json', '-show_format', '-show_streams'];
  try {
    const { stdout } = await execute(tools.ffprobe, [...guardsOf({ file }), ...options, urlOf(file)], {
      signal,
      timeout: 60_000,
      killSignal: 'SIGKILL',
      maxBuffer: 16 * 1024 ** 2,
    });
    return JSON.parse(stdout) as unknown;
  } catch (thrown) {
    if (signal.aborted) throw canceled(signal);
    if (said(thrown).includes('not on whitelist')) throw new Problem('MEDIA_UNSUPPORTED', {}, thrown);
    throw new Problem('MEDIA_CORRUPT', {}, thrown);
  }
}

const said = (thrown: unknown): string =>
  thrown instanceof Error && 'stderr' in thrown && typeof thrown.stderr === 'string' ? thrown.stderr : '';
