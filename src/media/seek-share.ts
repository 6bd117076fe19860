import { problemFrom } from '#base/problem.ts';
import type { Ffmpeg } from './ffmpeg.ts';

/** What is sought in, and how. */
interface Sought {
  readonly durationMs: number;
  readonly sizeBytes: number;
  /** What a jump to another place costs at least, where the recording is read by ranges. */
  readonly blockBytes: number;
  readonly signal: AbortSignal;
}

/**
 * Which share of a recording, 0 to 1, is read to reach a place near its end; nearly all of one without an index. ffmpeg
 * says so itself, on a copy of this machine, so that no list of formats has to know: MP4 in fragments jumps to each of
 * them, MP3 and ADTS are read packet by packet, Ogg and FLAC find their way without an index. Nothing is decoded.
 * One that cannot be sought at all counts as read whole. Throws what the signal was aborted with, TIMED_OUT.
 */
export async function seekShare(ffmpeg: Ffmpeg, file: string, sought: Sought): Promise<number> {
  const { durationMs, sizeBytes, blockBytes, signal } = sought;
  const said = await linesOfSeek(ffmpeg, file, { atMs: durationMs * place, signal });
  const read = said.map(bytesRead).find((found) => found !== null);
  if (!read) return 1;
  return Math.min(1, (read.bytes + read.jumps * blockBytes) / sizeBytes);
}

/** Behind it a file is read anyway when its length is looked for. */
const place = 0.9;

async function linesOfSeek(
  ffmpeg: Ffmpeg,
  file: string,
  { atMs, signal }: { atMs: number; signal: AbortSignal },
): Promise<readonly string[]> {
  const options = ['-v', 'verbose', '-ss', (atMs / 1000).toFixed(3), '-t', '0.1'];
  const outputs = [{ file: 'null', options: ['-map', '0:v?', '-map', '0:a?', '-c', 'copy'] }];
  try {
    const job = { inputs: [{ file, options }], outputs, expectedMs: 0, kind: 'light', signal } as const;
    return (await ffmpeg.run(job)).stderrTail;
  } catch (thrown) {
    if (problemFrom(thrown).code === 'ENCODE_FAILED') return [];
    throw thrown;
  }
}

/** What ffmpeg says when it closes its input, in both builds: `Statistics: 862109 bytes read, 3 seeks`. */
function bytesRead(line: string): { bytes: number; jumps: number } | null {
  const found = /Statistics: (\d+) bytes read, (\d+) seeks/.exec(line);
  return found && { bytes: Number(found[1]), jumps: Number(found[2]) };
}
