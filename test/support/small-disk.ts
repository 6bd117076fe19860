import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** A disk in memory that can grow. */
export interface SmallDisk extends AsyncDisposable {
  readonly path: string;
  grow(megabytes: number): Promise<void>;
}

/** Mounts a disk of a few megabytes at a new folder; null where this process may not mount. */
export async function openSmallDisk(folder: string, megabytes: number): Promise<SmallDisk | null> {
  await mkdir(folder);
  try {
    await execute('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
  } catch {
    return null;
  }
  return {
    path: folder,
    grow: async (more) => void (await execute('mount', ['-o', `remount,size=${more}m`, folder])),
    [Symbol.asyncDispose]: async () => void (await execute('umount', [folder])),
  };
}
