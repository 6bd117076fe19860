import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileTypeFromFile } from 'file-type';
import { Problem } from '#base/problem.ts';
import type { CaptionSidecarInput } from '#generated/client/graphql.ts';

/** A recording on this machine's disk, ready to be announced. */
export interface Recording {
  readonly file: string;
  readonly name: string;
  readonly title: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  /** Captions that lie beside it. */
  readonly captions: CaptionSidecarInput | null;
}

const sample = {
  file: path.resolve(import.meta.dirname, '../../samples/talk.mp4'),
  title: 'The recording we lost',
};

/** Looks at the file, or at the sample talk when there is none. Throws NOT_FOUND, INVALID_INPUT or MEDIA_UNSUPPORTED. */
export async function readRecording(given: string | null): Promise<Recording> {
  const file = given ?? sample.file;
  const { name } = path.parse(file);
  return {
    file,
    name: path.basename(file),
    title: given === null ? sample.title : name,
    sizeBytes: await sizeOf(file),
    contentType: await contentTypeOf(file),
    captions: await captionsBeside(file),
  };
}

async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch((error: unknown) => {
    throw new Problem('NOT_FOUND', { what: file }, error);
  });
  if (!found.isFile()) throw new Problem('INVALID_INPUT', { reason: `${file} is not a file.` });
  if (found.size === 0) throw new Problem('INVALID_INPUT', { reason: `${file} is empty.` });
  return found.size;
}

/** The server looks at the bytes itself; what is plainly no recording need not travel there. */
async function contentTypeOf(file: string): Promise<string> {
  const found = await fileTypeFromFile(file);
  const type = found?.mime.replace(/^application\/(?=ogg$|mp4$)/, 'video/');
  if (type !== undefined && /^(audio|video)\//.test(type)) return type;
  throw new Problem('MEDIA_UNSUPPORTED', { found: found?.mime ?? 'unknown data' });
}

async function captionsBeside(file: string): Promise<CaptionSidecarInput | null> {
  const { dir, name } = path.parse(file);
  for (const format of ['SRT', 'VTT'] as const) {
    const text = await readFile(path.join(dir, `${name}.${format.toLowerCase()}`), 'utf8').catch(() => null);
    if (text !== null) return { format, text };
  }
  return null;
}
