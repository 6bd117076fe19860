import { readFile, rm, stat } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import path from 'node:path';
import type { Log } from '#base/log.ts';
import { Problem } from '#base/problem.ts';
import type { Cluster } from './cluster.ts';
import { run } from './postgres-programs.ts';

/**
 * Starts the server of a cluster on a free port and waits until it accepts connections (about 100 ms). It is a process
 * group of its own, so that Ctrl-C ends us in our order and not the database first. Throws DATABASE_UNAVAILABLE with the
 * server's last words; where these may mean that another process was quicker, returns that Problem instead.
 */
export async function startServer(cluster: Cluster, log: Log): Promise<Problem | undefined> {
  const port = await freePort();
  await rm(cluster.logFile, { force: true });
  await clearStale(cluster);
  try {
    await control(cluster, ['start', '-l', 'server.log', '-o', `-p ${port}`]);
    log.info({ port }, 'Embedded PostgreSQL started');
    return undefined;
  } catch (error) {
    const reason = await lastWords(cluster);
    const failure = new Problem(
      'DATABASE_UNAVAILABLE',
      { reason: reason ?? 'the embedded server did not start.' },
      error,
    );
    if (reason === undefined || race.test(reason)) return failure;
    throw failure;
  }
}

/** What a server says that finds another one in its place: on the data, on their shared memory, on the port. */
const race = /lock file|shared memory block|already in use|could not create any TCP/i;

/** Stops the server and waits until it has: sessions are ended, nothing committed is lost. */
export const stopServer = (cluster: Cluster): Promise<void> => control(cluster, ['stop', '-m', 'fast']);

const control = ({ programs, account, data }: Cluster, args: readonly string[]): Promise<void> =>
  run({ program: programs.pgCtl, account, folder: data }, [...args, '-w', '-D', data]);

/**
 * A server killed with -9 (or a machine that lost power) leaves its pid behind, and PostgreSQL refuses to start when
 * another process of ours has that number by now. When nobody listens at its port any more, the file says nothing;
 * 5 seconds of grace are for one that is just starting and does not listen yet.
 */
async function clearStale({ pidFile }: Cluster): Promise<void> {
  const written = await stat(pidFile).catch(() => undefined);
  if (!written || Date.now() - written.mtimeMs < 5000) return;
  const port = Number((await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[3]);
  if (port > 0 && !(await listens(port))) await rm(pidFile, { force: true });
}

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

/** The line in which the server said why, without paths of this machine. Somebody quicker may have taken the log away. */
async function lastWords({ logFile, data }: Cluster): Promise<string | undefined> {
  const lines = (await readFile(logFile, 'utf8').catch(() => '')).split('\n');
  const words = lines.findLast((line) => /(FATAL|PANIC):/.test(line))?.replace(/^.*?(?:FATAL|PANIC):\s*/, '');
  return words?.replaceAll(path.dirname(data), '<postgres>');
}
