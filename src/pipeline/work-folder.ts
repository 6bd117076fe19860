import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import type { Folder } from '#base/temp.ts';

/**
 * The folder of one worker below `root`, gone when it closes. A worker that was killed leaves its folder behind; the
 * next one on the same host removes it, because the name says which process it belonged to.
 */
export async function openWorkFolder(root: string): Promise<Folder & { readonly workerId: string }> {
  await removeOrphans(root);
  const workerId = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
  const folder = path.join(root, workerId);
  await mkdir(folder, { recursive: true });
  return {
    workerId,
    path: folder,
    file: (name) => path.join(folder, name),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

async function removeOrphans(root: string): Promise<void> {
  const names = await readdir(root).catch(() => []);
  const prefix = `${hostname()}-`;
  for (const name of names.filter((candidate) => candidate.startsWith(prefix))) {
    const pid = Number(name.slice(prefix.length).split('-')[0]);
    if (Number.isInteger(pid) && !isAlive(pid)) await rm(path.join(root, name), { recursive: true, force: true });
  }
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
