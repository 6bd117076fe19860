import { randomBytes } from 'node:crypto';
import {
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Log } from '#base/log.ts';
import { Problem } from '#base/problem.ts';
import { type Account, accountOf, reachable, serverAccount } from './account.ts';
import { openPrograms, type Programs, run } from './postgres-programs.ts';

/** A created database cluster: where it lies, what runs it and as whom. */
export interface Cluster {
  readonly data: string;
  readonly pidFile: string;
  readonly logFile: string;
  readonly password: string;
  readonly programs: Programs;
  readonly account: Account | undefined;
}

// PostgreSQL refuses to run as root, so root runs it as `nobody`, and `nobody` must be able to walk to the data. Where
// it is not (a home in /root or below `mktemp -d`), the cluster lies in /var/tmp and `<home>/postgres` is a link to it:
// deleting the home forgets it, and no name that can be guessed stands in a folder that everybody writes to.

/** Opens the cluster of a home, after creating it the first time. Throws DATABASE_UNAVAILABLE. */
export async function openCluster(home: string, log: Log, settings: readonly string[]): Promise<Cluster> {
  const link = path.join(home, 'postgres');
  await mkdir(home, { recursive: true });
  if (!(await exists(link))) await createCluster(link, log, settings);
  const folder = await realpath(link);
  const data = path.join(folder, 'data');
  const account = accountOf(await stat(data));
  return {
    data,
    pidFile: path.join(data, 'postmaster.pid'),
    logFile: path.join(data, 'server.log'),
    password: await readFile(path.join(folder, 'password'), 'utf8'),
    programs: await openPrograms(folder, account),
    account,
  };
}

/** Makes a whole cluster aside and puts it in place in one step: of two processes one wins, and a killed one leaves none. */
async function createCluster(link: string, log: Log, settings: readonly string[]): Promise<void> {
  const account = await serverAccount();
  const home = path.dirname(link);
  const root = await firstReachable([home, '/var/tmp', tmpdir()], account);
  const folder = await mkdtemp(path.join(root, 'offprint-postgres-'));
  try {
    await initialise(folder, account, settings);
    await forgetBroken(link, log);
    await (root === home ? rename(folder, link) : symlink(folder, link));
    log.info({ folder: root === home ? link : folder }, 'Embedded PostgreSQL created');
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    if (!isTaken(error)) throw error;
  }
}

async function firstReachable(folders: readonly string[], account: Account | undefined): Promise<string> {
  for (const folder of folders) if (await reachable(folder, account)) return folder;
  throw new Problem('DATABASE_UNAVAILABLE', {
    reason: 'no folder is open to the unprivileged account that must run PostgreSQL; set DATABASE_URL.',
  });
}

async function initialise(folder: string, account: Account | undefined, settings: readonly string[]): Promise<void> {
  const password = path.join(folder, 'password');
  await writeFile(password, randomBytes(24).toString('base64url'), { mode: 0o600 });
  if (account) for (const item of [folder, password]) await chown(item, account.uid, account.gid);
  const programs = await openPrograms(folder, account);
  await run({ program: programs.initdb, account, folder }, [
    '--pgdata=data',
    '--username=postgres',
    '--pwfile=password',
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // The server's own collation: the same order of text on every system, whatever locales it has.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...[...standing, ...settings].map((setting) => `--set=${setting}`),
  ]);
}

/** TCP on this machine only: the length limit of socket paths (107 bytes) would forbid deep folders. */
const standing = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200', 'timezone=UTC'];

/** A link whose target was cleaned away stands for nothing. */
async function forgetBroken(link: string, log: Log): Promise<void> {
  const found = await lstat(link).catch(() => undefined);
  if (!found?.isSymbolicLink() || (await exists(link))) return;
  log.warn('The embedded database was cleaned away from the temporary folder; a new one takes its place');
  await rm(link);
}

const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );

const isTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['EEXIST', 'ENOTEMPTY', 'EPERM'].includes(String(error.code));
