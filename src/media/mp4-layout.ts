import { type FileHandle, open } from 'node:fs/promises';

/** What platforms ask of an MP4 besides its streams. */
export interface Mp4Layout {
  /** The index stands before the media, so that playing starts before the download ends. */
  readonly fastStart: boolean;
  /** Edit lists hide a part of the media from players that obey them; Instagram refuses them. */
  readonly hasEditLists: boolean;
}

/** Reads box headers only, never the media. A file that is no MP4 has no index, so not first. */
export async function mp4Layout(file: string): Promise<Mp4Layout> {
  await using handle = await open(file);
  const { size } = await handle.stat();
  const names: string[] = [];
  for await (const name of boxes(handle, { start: 0, end: size, above: '' })) names.push(name);
  const top = names.filter((name) => !name.includes('/'));
  const index = top.indexOf('moov');
  return {
    fastStart: index >= 0 && index < top.indexOf('mdat'),
    hasEditLists: names.includes('moov/trak/edts/elst'),
  };
}

const parents = new Set(['moov', 'moov/trak', 'moov/trak/edts']);

interface Part {
  readonly start: number;
  readonly end: number;
  /** Names of the boxes around it, each with a slash. */
  readonly above: string;
}

async function* boxes(handle: FileHandle, { start, end, above }: Part): AsyncGenerator<string> {
  let at = start;
  while (at + 8 <= end) {
    const { buffer } = await handle.read(Buffer.alloc(16), 0, 16, at);
    const short = buffer.readUInt32BE(0);
    const size = short === 1 ? Number(buffer.readBigUInt64BE(8)) : short === 0 ? end - at : short;
    const name = above + buffer.toString('latin1', 4, 8);
    yield name;
    if (parents.has(name)) yield* boxes(handle, { start: at + 8, end: at + size, above: `${name}/` });
    if (size < 8) return;
    at += size;
  }
}
