import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { Problem } from '#base/problem.ts';
import { safeName } from './safe-name.ts';

/**
 * The folder below `out` for what is made of a recording with this title. It will be emptied, so CONFLICT is thrown when
 * it holds files that no demo made.
 */
export async function resultsFolder(out: string, title: string): Promise<string> {
  const folder = path.join(out, safeName(title));
  const names: string[] = await readdir(folder).catch(() => []);
  if (names.length === 0 || names.includes('transcript.json')) return folder;
  throw new Problem('CONFLICT', { reason: `${folder} holds files that no demo made; give another --out.` });
}

/** Removes what an earlier demo left in the folder. */
export async function emptyFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
}
