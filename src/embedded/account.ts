import { execFile } from 'node:child_process';
import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

/** The user of the operating system a program runs as. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

const isRoot = (): boolean => process.getuid?.() === 0;

/** Who runs a new server: nobody but us, except that root hands it to `nobody`, which every system has. */
export async function serverAccount(): Promise<Account | undefined> {
  if (!isRoot()) return undefined;
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (option) => Number((await promisify(execFile)('id', [option, 'nobody'])).stdout)),
  );
  return { uid: uid ?? Number.NaN, gid: gid ?? Number.NaN };
}

/** Who runs an existing one: only the owner of the data may. */
export const accountOf = (data: Stats): Account | undefined =>
  isRoot() ? { uid: data.uid, gid: data.gid } : undefined;

/** Whether the account can walk to the folder through all that stand above it. No account means ourselves. */
export async function reachable(folder: string, account: Account | undefined): Promise<boolean> {
  if (!account) return true;
  const found = await stat(folder).catch(() => undefined);
  if (!found || !mayEnter(found, account)) return false;
  const above = path.dirname(folder);
  return above === folder || reachable(above, account);
}

function mayEnter(folder: Stats, account: Account): boolean {
  if (folder.uid === account.uid) return (folder.mode & 0o100) !== 0;
  if (folder.gid === account.gid) return (folder.mode & 0o010) !== 0;
  return (folder.mode & 0o001) !== 0;
}
