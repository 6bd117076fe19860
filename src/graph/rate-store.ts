import { Redis } from 'ioredis';
import { Pool } from 'pg';
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterPostgres,
  RateLimiterRedis,
} from 'rate-limiter-flexible';
import type { Log } from '#base/log.ts';

/** What one limiter counts: names, and how many of it in how many seconds. */
interface Counted {
  readonly keyPrefix: string;
  readonly points: number;
  readonly duration: number;
}

/** Where counts are kept that all processes share. */
export interface RateStore extends AsyncDisposable {
  limiterOf(counted: Counted): Pick<RateLimiterAbstract, 'consume'>;
}

/** Longer than this nobody waits for a count; the process then counts in its own memory. */
const patienceMs = 500;

/**
 * Counts in our own database. It has a small pool of its own: while requests wait for the database's other connections
 * is when they must be counted. The table is unlogged, which makes 3.3 times as many counts a second.
 */
export function postgresRates(url: string, log: Log): RateStore {
  const storeClient = new Pool({
    connectionString: url,
    max: 2,
    application_name: 'offprint rates',
    connectionTimeoutMillis: patienceMs,
    query_timeout: patienceMs,
  });
  const lost = ({ message }: Error): void => log.warn({ message }, 'a connection for rates was lost');
  storeClient.on('error', lost);
  storeClient.on('connect', (client) => client.on('error', lost));
  return {
    limiterOf: (counted) =>
      new RateLimiterPostgres({
        ...shared(counted),
        storeClient,
        storeType: 'pool',
        tableName: 'rate_uses',
        tableCreated: true,
        // The sweep does it, as for everything else that is kept for a while.
        clearExpiredByTimeout: false,
      }),
    [Symbol.asyncDispose]: () => storeClient.end(),
  };
}

/** Counts in Redis, where the deployment has one. */
export function redisRates(url: string, log: Log): RateStore {
  const storeClient = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: patienceMs,
    connectTimeout: patienceMs,
    retryStrategy: (times) => Math.min(times * 100, 2_000),
  });
  storeClient.on('error', ({ message }: Error) => log.warn({ message }, 'Redis cannot be reached'));
  return {
    limiterOf: (counted) => new RateLimiterRedis({ ...shared(counted), storeClient, rejectIfRedisNotReady: true }),
    [Symbol.asyncDispose]: () => {
      storeClient.disconnect();
      return Promise.resolve();
    },
  };
}

/**
 * Whoever has used up a window is refused from memory until it ends: a flood costs the store one count for each caller.
 * A store that is away neither opens nor closes the door: every process counts for itself until it is back.
 */
const shared = (counted: Counted) => ({
  ...counted,
  inMemoryBlockOnConsumed: counted.points,
  insuranceLimiter: new RateLimiterMemory(counted),
});
