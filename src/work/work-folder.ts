import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import type { Folder } from '#base/temp.ts';

/** Folders of this process: after a restart in a container the killed process had the very pid that is now ours. */
const own = new Set<string>();

/**
 * The folder of one worker below `root`, gone when it closes. A worker that was killed leaves its folder behind; the
 * next one on the same host removes it, because the name says which process it belonged to.
 */
export async function openWorkFolder(root: string): Promise<Folder & { readonly workerId: string }> {
  await removeOrphans(root);
  const workerId = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
  const folder = path.join(root, workerId);
  own.add(workerId);
  await mkdir(folder, { recursive: true });
  return {
    workerId,
    path: folder,
    file: (name) => path.join(folder, name),
    [Symbol.asyncDispose]: async () => {
      await rm(folder, { recursive: true, force: true });
      own.delete(workerId);
    },
  };
}

async function removeOrphans(root: string): Promise<void> {
  const names = await readdir(root).catch(() => []);
  for (const name of names) if (isOrphan(name)) await rm(path.join(root, name), { recursive: true, force: true });
}

/** Names of other hosts say nothing about their processes. */
function isOrphan(name: string): boolean {
  const prefix = `${hostname()}-`;
  if (!name.startsWith(prefix) || own.has(name)) return false;
  const pid = Number(name.slice(prefix.length).split('-')[0]);
  return Number.isInteger(pid) && (pid === process.pid || !isAlive(pid));
}

/** EPERM is a living process of somebody else. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
