import { open } from 'node:fs/promises';
import { fileTypeFromFile } from 'file-type';
import { Problem } from '#base/problem.ts';

/**
 * Looks at a file's first bytes before any decoder does; the declared type and the name count for nothing.
 * Throws MEDIA_UNSUPPORTED with what was found unless they are those of an audio or video file.
 */
export async function sniff(file: string): Promise<void> {
  const found = await fileTypeFromFile(file);
  if (found && isRecording(found.mime)) return;
  throw new Problem('MEDIA_UNSUPPORTED', { found: found?.mime ?? describe(await head(file)) });
}

const isRecording = (mime: string): boolean =>
  mime.startsWith('audio/') || mime.startsWith('video/') || mime === 'application/ogg' || mime === 'application/mp4';

async function head(file: string): Promise<Buffer> {
  await using handle = await open(file);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(512), 0, 512, 0);
  return buffer.subarray(0, bytesRead);
}

function describe(bytes: Buffer): string {
  if (bytes.length === 0) return 'an empty file';
  const text = bytes.toString('latin1').trimStart();
  if (text.startsWith('#EXTM3U')) return 'a playlist';
  if (text.startsWith('ffconcat')) return 'a concat script';
  if (/^<(!doctype html|html)/i.test(text)) return 'a web page';
  return bytes.every((byte) => byte >= 32 || (byte >= 9 && byte <= 13)) ? 'text' : 'unknown data';
}
