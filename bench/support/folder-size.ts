import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Bytes of all files in a folder; what vanishes meanwhile counts nothing. */
async function folderSize(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const sizes = await Promise.all(files.map(async (file) => (await stat(file).catch(() => null))?.size ?? 0));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Looks at a folder four times a second until it is disposed of; the most that it held. */
export function watchFolder(folder: string): { peak: () => number } & AsyncDisposable {
  const stop = new AbortController();
  let peak = 0;
  const looking = (async () => {
    while (!stop.signal.aborted) {
      peak = Math.max(peak, await folderSize(folder));
      await wait(250);
    }
  })();
  return {
    peak: () => peak,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await looking;
    },
  };
}
