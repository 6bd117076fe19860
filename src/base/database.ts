import { createHash } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import { Pool } from 'pg';
import { type Prisma, PrismaClient } from '#generated/prisma/client.ts';
import type { Log } from './log.ts';

/** The typed client. `prisma.$on('query', …)` tells every statement it sends. */
type Client = PrismaClient<'query'>;
/** The client inside one transaction. */
export type Tx = Prisma.TransactionClient;

/** One process's way into the database: the typed client and the pool below it. */
export interface Database extends AsyncDisposable {
  readonly prisma: Client;
  readonly pool: Pool;
  readonly url: string;
}

/**
 * Opens the database at a URL; nothing connects before the first query. `max` is the most connections at a time
 * (default 10); both the client and the queue take theirs from this one pool.
 */
export function openDatabase(url: string, log: Log, { max = 10 }: { max?: number } = {}): Database {
  const pool = openPool(url, log, max);
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool, { statementNameGenerator }),
    log: [{ emit: 'event', level: 'query' }],
  });
  return {
    prisma,
    pool,
    url,
    [Symbol.asyncDispose]: async () => {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

/**
 * Statements that we write out ourselves are planned once per connection: starting a run is one with seven parts, of
 * which planning was a third (347 instead of 566 started a second by 16 clients). The typed client's own are not: each
 * length of a list would be another statement that the server keeps.
 */
const statementNameGenerator = ({ sql }: { sql: string }): string =>
  sql.includes('"public".') ? '' : createHash('sha256').update(sql).digest('base64url');

/** What the server keeps for a connection, such as the plans of its statements, goes with it. */
const longestConnectionSeconds = 60 * 60;

/** Without a listener on the pool and on each connection, one that the server ends is an uncaught error. */
function openPool(url: string, log: Log, max: number): Pool {
  const pool = new Pool({
    connectionString: url,
    max,
    application_name: 'offprint',
    maxLifetimeSeconds: longestConnectionSeconds,
  });
  const lost = ({ message }: Error): void => log.warn({ message }, 'A database connection was lost');
  pool.on('error', lost);
  pool.on('connect', (client) => client.on('error', lost));
  return pool;
}
