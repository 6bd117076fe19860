import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '#base/database.ts';
import { openLog } from '#base/log.ts';
import { type Budget, openRateLimits, rateLimited, takeOrRefuse } from '#graph/rate-limits.ts';
import { rateNames, rates } from '#graph/rates.ts';
import { openTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { openHome } from '../support/home.ts';

const log = openLog('silent');
let database: Database;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const inDatabase = (url = database.url) => openRateLimits({ RATE_LIMITS: 'on', REDIS_URL: undefined }, url, log);
const outcomes = (budgets: readonly (Budget | null)[]) => budgets.map((budget) => budget?.refused);

describe('rates in the database', () => {
  test.each(rateNames)('of a %s: as many as the table says go through, and not one more', async (name) => {
    await using limits = inDatabase();
    const { most, seconds } = rates[name];
    const told: (Budget | null)[] = [];
    for (let at = 0; at <= most; at += 1) told.push(await limits.take(name, 'user:ada'));
    expect(outcomes(told)).toEqual([...Array<boolean>(most).fill(false), true]);
    expect(told.map((budget) => budget?.remaining)).toEqual([...Array(most).keys()].toReversed().concat(0));
    expect(told.at(-1)).toMatchObject({ rate: name, limit: most, used: most, remaining: 0 });
    const leftMs = (told.at(-1)?.resetAt.getTime() ?? 0) - Date.now();
    expect(leftMs).toBeGreaterThan((seconds - 30) * 1_000);
    expect(leftMs).toBeLessThanOrEqual(seconds * 1_000);
  });

  test('are one for all processes, also when they take at once', async () => {
    await using here = inDatabase();
    await using there = inDatabase();
    const told = await Promise.all(
      Array.from({ length: 40 }, (_, at) => (at % 2 ? here : there).take('generation', 'user:bob')),
    );
    expect(outcomes(told).filter((refused) => !refused)).toHaveLength(rates.generation.most);
  });

  test('are counted for each caller and each thing apart', async () => {
    await using limits = inDatabase();
    for (let at = 0; at < 4; at += 1) await limits.take('finalize', 'user:eve');
    expect(await limits.take('finalize', 'user:mallory')).toMatchObject({ refused: false, remaining: 2 });
    expect(await limits.take('render', 'user:eve')).toMatchObject({ refused: false });
  });

  test('refuse with a code, and with how long to wait', async () => {
    await using limits = inDatabase();
    const taking = async () => {
      for (let at = 0; at < 6; at += 1) await takeOrRefuse(limits, 'render', 'user:carol');
    };
    await expect(taking()).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      message: 'At most 5 renders are allowed in 60 seconds: wait a little.',
      retryAfterMs: expect.any(Number),
    });
  });

  test('ask nobody about a caller who has nothing left', async () => {
    await using limits = inDatabase();
    const statements = async () => {
      const { rows } = await database.pool.query<{ points: number }>(
        "select points from rate_uses where key = 'finalize:user:dave'",
      );
      return rows[0]?.points;
    };
    for (let at = 0; at < 50; at += 1) await limits.take('finalize', 'user:dave');
    expect(await statements()).toBe(rates.finalize.most);
  });

  test('begin anew with the next window', async () => {
    await using before = inDatabase();
    for (let at = 0; at < 4; at += 1) await before.take('finalize', 'user:frank');
    await database.pool.query("update rate_uses set expire = 1 where key = 'finalize:user:frank'");
    await using after = inDatabase();
    expect(await after.take('finalize', 'user:frank')).toMatchObject({ refused: false, remaining: 2 });
  });

  test('are counted by each process for itself while the database is away: nobody is refused for that, nor let through', async () => {
    await using limits = inDatabase('postgres://nobody@127.0.0.1:1/nowhere');
    const told = await Promise.all(Array.from({ length: 5 }, () => limits.take('finalize', 'user:ada')));
    expect(outcomes(told)).toEqual([false, false, false, true, true]);
  });
});

test('rates that are off count nothing', async () => {
  const limits = openRateLimits(
    { RATE_LIMITS: 'off', REDIS_URL: undefined },
    'postgres://nobody@127.0.0.1:1/nowhere',
    log,
  );
  expect(await limits.take('request', 'user:ada')).toBeNull();
});

test('a refusal says how long to wait, never less than nothing', () => {
  const budget = { rate: 'request', limit: 100, used: 100, remaining: 0, resetAt: new Date(0), refused: true } as const;
  expect(rateLimited(budget).retryAfterMs).toBe(0);
});

const redisServer = '/usr/bin/redis-server';

const hasRedis = existsSync(redisServer);
if (!hasRedis)
  console.warn(`Left out: rates in Redis are not tested, for want of ${redisServer} (Debian: redis-server).`);

describe.runIf(hasRedis)('rates in Redis', () => {
  test('are the same, one for all processes, and outlive its end in the memory of each', async () => {
    await using home = await openHome();
    const socket = home.file('redis.sock');
    const server = spawn(redisServer, ['--port', '0', '--unixsocket', socket, '--save', '', '--dir', home.path]);
    for await (const chunk of server.stdout) if (String(chunk).includes('ready to accept')) break;
    const open = () => openRateLimits({ RATE_LIMITS: 'on', REDIS_URL: socket }, database.url, log);
    await using here = open();
    await using there = open();
    await answering(socket);
    // A process whose connection does not stand yet counts in its own memory.
    await eventually(async () => {
      const name = `user:${crypto.randomUUID()}`;
      const told: (Budget | null)[] = [];
      for (let at = 0; at < 4; at += 1) told.push(await (at % 2 ? here : there).take('finalize', name));
      expect(outcomes(told)).toEqual([false, false, false, true]);
      expect(told.at(-1)).toMatchObject({ limit: 3, used: 3, remaining: 0 });
    });
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
    const alone = await Promise.all(Array.from({ length: 4 }, () => here.take('finalize', 'user:bob')));
    expect(outcomes(alone)).toEqual([false, false, false, true]);
  });
});

async function answering(socket: string): Promise<void> {
  const client = new Redis(socket);
  await client.ping();
  client.disconnect();
}
