import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import type { Env } from '#base/env.ts';
import type { Log } from '#base/log.ts';
import { type Cluster, openCluster } from './cluster.ts';
import { startServer, stopServer } from './server-process.ts';

/** A database that is reachable at `url` until it is disposed. */
export interface Postgres extends AsyncDisposable {
  readonly url: string;
}

// How it lives. Nobody owns the server: every process that uses it holds a shared advisory lock on a connection of its
// own (its presence), and the one that can turn that lock into an exclusive one is the last and stops the server. A
// process that is killed loses its presence with its connection; a server whose every user was killed stays up and is
// joined by the next. Who arrives while it is being stopped is thrown out by PostgreSQL and starts it again.
const presenceLock = 0x0ff_9417;
const patienceMs = 60_000;

/**
 * Opens the database: DATABASE_URL as it stands, else PostgreSQL 18 embedded under `env.home`, created and started when
 * needed and shared with every other process of the same home. First use 1-2 s, later 0.2 s, joining 20 ms.
 * `settings` are lines of its configuration and count when it is created. Throws DATABASE_UNAVAILABLE.
 */
export async function openPostgres(
  env: Pick<Env, 'DATABASE_URL' | 'home'>,
  log: Log,
  settings: readonly string[] = [],
): Promise<Postgres> {
  if (env.DATABASE_URL !== undefined) return { url: env.DATABASE_URL, [Symbol.asyncDispose]: () => Promise.resolve() };
  const cluster = await openCluster(env.home, log, settings);
  const presence = await enter(cluster, log);
  return {
    url: urlOf(cluster, presence.port),
    [Symbol.asyncDispose]: () => leave(cluster, presence, log),
  };
}

async function enter(cluster: Cluster, log: Log): Promise<Client> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const client = await join(cluster, log);
    if (client) return client;
    const lostRace = await startServer(cluster, log);
    if (lostRace && performance.now() > deadline) throw lostRace;
    if (lostRace) await pause(100);
  }
}

/** A connection that counts as present, or nothing when no server of this cluster answers. */
async function join(cluster: Cluster, log: Log): Promise<Client | undefined> {
  const port = await portOf(cluster);
  if (port === undefined) return undefined;
  const client = new Client({
    connectionString: urlOf(cluster, port),
    application_name: 'offprint presence',
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', ({ message }) => log.debug({ message }, 'The presence at the embedded PostgreSQL has ended'));
  try {
    await client.connect();
    await client.query('select pg_advisory_lock_shared($1)', [presenceLock]);
    if (await isOf(cluster, client)) return client;
  } catch (error) {
    log.debug({ err: error }, 'No embedded PostgreSQL answers yet');
  }
  await client.end().catch(() => undefined);
  return undefined;
}

/** A stale port may meanwhile belong to a server of somebody else, even to one that trusts everybody. */
async function isOf(cluster: Cluster, client: Client): Promise<boolean> {
  const { rows } = await client.query<{ data: string }>(`select current_setting('data_directory') as data`);
  return rows[0]?.data === cluster.data;
}

async function leave(cluster: Cluster, presence: Client, log: Log): Promise<void> {
  try {
    const { rows } = await presence.query<{ last: boolean }>('select pg_try_advisory_lock($1) as last', [presenceLock]);
    if (rows[0]?.last) await stopServer(cluster);
  } catch (error) {
    log.warn({ err: error }, 'The embedded PostgreSQL could not be left in order');
  }
  await presence.end().catch(() => undefined);
}

/** Line 4 of the file that a running (or killed) server leaves in its data folder. */
async function portOf(cluster: Cluster): Promise<number | undefined> {
  const lines = await readFile(cluster.pidFile, 'utf8').catch(() => '');
  return Number(lines.split('\n')[3]) || undefined;
}

const urlOf = (cluster: Cluster, port: number): string =>
  `postgresql://postgres:${cluster.password}@127.0.0.1:${port}/postgres`;
