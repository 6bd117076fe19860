import { mkdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Downloadable, download } from './download.ts';

/** A file that the demo saved. */
export interface SavedFile {
  /** Inside the folder of the results. */
  readonly path: string;
  /** How long it plays; null for what is read or looked at. */
  readonly durationMs: number | null;
  readonly sizeBytes: number;
}

/** A folder that remembers what was put into it, in order. */
export interface Output {
  readonly files: readonly SavedFile[];
  write(name: string, text: string): Promise<void>;
  /** Streams a stored file there; nothing happens when there is none. */
  save(stored: Downloadable | null | undefined, name: string, durationMs?: number | null): Promise<void>;
}

/** Opens a folder for results. Names are relative to it; folders in them are made. */
export function openOutput(folder: string, signal: AbortSignal): Output {
  const files: SavedFile[] = [];
  const place = async (name: string): Promise<string> => {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    return file;
  };
  const remember = async (name: string, durationMs: number | null): Promise<void> => {
    const { size: sizeBytes } = await stat(path.join(folder, name));
    files.push({ path: name, durationMs, sizeBytes });
  };
  return {
    files,
    async write(name, text) {
      await writeFile(await place(name), text);
      await remember(name, null);
    },
    async save(stored, name, durationMs = null) {
      if (!stored) return;
      await download(stored, await place(name), signal);
      await remember(name, durationMs);
    },
  };
}
