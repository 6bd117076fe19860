import { readFile } from 'node:fs/promises';
import { openLog } from '#base/log.ts';
import { openCluster } from '#embedded/cluster.ts';
import { migrate } from '#embedded/migrations.ts';
import { run } from '#embedded/postgres-programs.ts';
import { startServer, stopServer } from '#embedded/server-process.ts';

/** A database server that nobody else uses, so that it may be hurt. */
export interface OwnPostgres extends AsyncDisposable {
  readonly url: string;
  /** Ends every session without a word and starts again at the same address: what a crash of the server looks like. */
  crash(): Promise<void>;
}

/** What a crash of the machine could lose is not tried here; what a crash of the server could lose must stay. */
const settings = ['fsync=off', 'full_page_writes=off'];

/** Creates and starts a migrated PostgreSQL 18 of one's own below `home`. */
export async function openOwnPostgres(home: string): Promise<OwnPostgres> {
  const log = openLog('warn');
  const cluster = await openCluster(home, log, settings);
  const lost = await startServer(cluster, log);
  if (lost) throw lost;
  const port = (await readFile(cluster.pidFile, 'utf8')).split('\n')[3];
  const url = `postgresql://postgres:${cluster.password}@127.0.0.1:${port}/postgres`;
  const { programs, account, data } = cluster;
  await migrate(url, log);
  return {
    url,
    crash: () =>
      run({ program: programs.pgCtl, account, folder: data }, [
        'restart',
        '-m',
        'immediate',
        '-w',
        '-D',
        data,
        '-l',
        'server.log',
      ]),
    [Symbol.asyncDispose]: () => stopServer(cluster),
  };
}
