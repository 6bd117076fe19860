import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A work folder that is gone, with all it holds, at the end of its scope: `await using folder = await openFolder()`. */
export interface Folder extends AsyncDisposable {
  readonly path: string;
  /** Path of a file inside the folder. */
  file(name: string): string;
}

/** Makes an empty folder below `root` (the system's temp folder by default). */
export async function openFolder(root: string = tmpdir()): Promise<Folder> {
  await mkdir(root, { recursive: true });
  const folder = await mkdtemp(path.join(root, 'offprint-'));
  return {
    path: folder,
    file: (name) => path.join(folder, name),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
