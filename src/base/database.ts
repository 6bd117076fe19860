import { createHash } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import type { ClientBase, Pool } from 'pg';
import { type Prisma, PrismaClient } from '#generated/prisma/client.ts';
import { FairPool } from './fair-pool.ts';
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
  /** How long a statement may take before the server ends it, in milliseconds; 0 where it may take any time. */
  readonly longestStatementMs: number;
}

interface Limits {
  /** The most connections at a time (default 10); both the client and the queue take theirs from this one pool. */
  readonly max?: number;
  /**
   * How long a statement may take outside of a long transaction, in milliseconds, and how long it may wait for a
   * connection, which is 5 s at least; by default as long as it takes.
   */
  readonly longestStatementMs?: number;
}

/** Opens the database at a URL; nothing connects before the first query. */
export function openDatabase(url: string, log: Log, { max = 10, longestStatementMs = 0 }: Limits = {}): Database {
  const pool = openPool(url, log, { max, longestStatementMs });
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool, { statementNameGenerator }),
    log: [{ emit: 'event', level: 'query' }],
  });
  return {
    prisma,
    pool,
    url,
    longestStatementMs,
    [Symbol.asyncDispose]: async () => {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

/**
 * A transaction that may take longer than others, in milliseconds, and so may each of its statements: erasing a workspace
 * removes all its rows, and waits for whoever holds one of them.
 */
export const longTransaction = <T>(prisma: Client, mostMs: number, body: (tx: Tx) => Promise<T>): Promise<T> =>
  prisma.$transaction(
    async (tx) => {
      await tx.$executeRaw`select set_config('statement_timeout', ${String(mostMs)}, true)`;
      return body(tx);
    },
    { timeout: mostMs, maxWait: 10_000 },
  );

/**
 * Statements that we write out ourselves are planned once per connection: starting a run is one with seven parts, of
 * which planning was a third (347 instead of 566 started a second by 16 clients). The typed client's own are not: each
 * length of a list would be another statement that the server keeps.
 */
const statementNameGenerator = ({ sql }: { sql: string }): string =>
  sql.includes('"public".') ? '' : createHash('sha256').update(sql).digest('base64url');

/** What the server keeps for a connection, such as the plans of its statements, goes with it. */
const longestConnectionSeconds = 60 * 60;

/** A server with much to do may take as long to open a connection. */
const longestConnectMs = 5_000;

/** Without a listener on the pool and on each connection, one that the server ends is an uncaught error. */
function openPool(url: string, log: Log, { max, longestStatementMs }: Required<Limits>): Pool {
  const pool = new FairPool({
    connectionString: url,
    max,
    application_name: 'offprint',
    maxLifetimeSeconds: longestConnectionSeconds,
    ...(longestStatementMs > 0 && {
      connectionTimeoutMillis: Math.max(longestStatementMs, longestConnectMs),
      // Not as a parameter of the connection, which poolers in between refuse.
      // The pool waits for it, which its types do not say.
      // oxlint-disable-next-line typescript/no-misused-promises
      onConnect: async (client: ClientBase) => {
        await client.query(`set statement_timeout = ${longestStatementMs}`);
      },
    }),
  });
  const lost = ({ message }: Error): void => log.warn({ message }, 'A database connection was lost');
  pool.on('error', lost);
  pool.on('connect', (client) => client.on('error', lost));
  return pool;
}
