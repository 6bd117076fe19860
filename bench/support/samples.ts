import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { environmentWith } from '#base/env.ts';

/** A file's sound, or that of bytes sent to `pipe:0`, as 16 kHz mono. An hour takes 115 MB. */
export async function samplesOf(file: string, bytes?: Buffer): Promise<Int16Array> {
  const child = spawn(
    environmentWith({}).FFMPEG_PATH ?? 'ffmpeg',
    ['-v', 'error', '-i', file, '-map', '0:a:0', '-ac', '1', '-ar', '16000', '-f', 's16le', 'pipe:1'],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  child.stdin.on('error', () => {}).end(bytes ?? '');
  const [raw, [code]] = await Promise.all([buffer(child.stdout), once(child, 'close')]);
  if (code !== 0) throw new Error(`ffmpeg could not read ${file}.`);
  return new Int16Array(new Uint8Array(raw).buffer, 0, raw.length >> 1);
}
