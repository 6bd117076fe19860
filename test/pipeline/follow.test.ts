import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Database } from '#base/database.ts';
import { openLog } from '#base/log.ts';
import { type Feed, openFeed } from '#pipeline/feed.ts';
import { type Followed, followRun } from '#pipeline/follow.ts';
import { openTestDatabase } from '../support/database.ts';
import { type DrivenRun, openDrivenRun } from '../support/driven-run.ts';
import { seedTenant, type Tenant } from '../support/seed.ts';

const log = openLog('silent');
let database: Database;
let feed: Feed;
let tenant: Tenant;

beforeAll(async () => {
  database = await openTestDatabase();
  feed = await openFeed(database.url, log);
  tenant = await seedTenant(database, 'ada');
});
afterAll(async () => {
  await feed[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const follow = (run: DrivenRun, after: number | null = null) => followRun({ database, feed, log }, run.runId, after);

/** Everything until the follower ends by itself. */
async function all(items: AsyncIterable<Followed>): Promise<Followed[]> {
  const seen: Followed[] = [];
  for await (const item of items) seen.push(item);
  return seen;
}

const numberOf = (item: Followed | undefined) => (item && 'event' in item ? item.event.sequence : undefined);

describe('a follower', () => {
  test('sees the state first, then every event in order, and ends after the final one', async () => {
    await using run = await openDrivenRun(database, tenant);
    const items = follow(run);
    expect((await items.next()).value).toEqual({ snapshot: { runId: run.runId, sequence: 2 } });
    await run.begin();
    for (const percent of [10, 50, 90]) await run.tell(percent);
    await run.finish();
    const seen = await all(items);
    expect(seen.map(numberOf)).toEqual([3, 4, 5, 6, 7, 8, 9]);
    expect(seen.at(-1)).toMatchObject({ event: { data: { kind: 'RUN_STATUS', runStatus: 'SUCCEEDED' } } });
  });

  test('of a run that has ended sees its state and nothing else', async () => {
    await using run = await openDrivenRun(database, tenant);
    await run.begin();
    await run.finish();
    expect(await all(follow(run))).toMatchObject([{ snapshot: { runId: run.runId } }]);
  });

  test('that comes back with a number sees exactly what came after it, without the state', async () => {
    await using run = await openDrivenRun(database, tenant);
    await run.begin();
    await run.tell(40);
    await run.finish();
    const whole = (await all(follow(run, 0))).map(numberOf);
    for (const after of whole.keys()) {
      expect((await all(follow(run, after))).map(numberOf)).toEqual(whole.slice(after));
    }
  });

  test('is woken, not asked to wait for the next look', async () => {
    await using run = await openDrivenRun(database, tenant);
    const items = follow(run, 2);
    const next = items.next();
    await vi.waitFor(() => expect(feed.size).toBe(1));
    const told = performance.now();
    await run.tell(1);
    await next;
    // The next look by itself would come a second after the last.
    expect(performance.now() - told).toBeLessThan(900);
    await items.return?.();
  });

  test('that leaves while it waits is gone at once', async () => {
    await using run = await openDrivenRun(database, tenant);
    const items = follow(run, 2);
    const waiting = items.next();
    expect(feed.size).toBe(1);
    await items.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(feed.size).toBe(0);
  });

  test('never sees the progress of the run fall, not even behind a state that was newer than its number', async () => {
    await using run = await openDrivenRun(database, tenant);
    await run.begin();
    const items = follow(run);
    await items.next();
    // Whoever resolves the snapshot's fields now reads 60 %.
    for (const percent of [20, 40, 60]) await run.tell(percent);
    const shown = await database.prisma.run.findUniqueOrThrow({ where: { id: run.runId } });
    await run.tell(80);
    await run.finish();
    const seen = (await all(items)).flatMap((item) =>
      'event' in item && item.event.data.kind === 'STAGE_PROGRESS' ? [item.event.data.runProgress] : [],
    );
    expect(seen).toHaveLength(4);
    expect([shown.progress, ...seen]).toEqual([shown.progress, ...seen].sort((a, b) => a - b));
  });
});

test('a follower misses nothing when the connection that wakes it is cut', async () => {
  await using run = await openDrivenRun(database, tenant);
  const items = follow(run);
  await items.next();
  const seen = all(items);
  await run.begin();
  for (const percent of [10, 20, 30, 40]) {
    await run.tell(percent);
    await database.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'offprint feed' and datname = current_database()`,
    );
  }
  await run.finish();
  expect((await seen).map(numberOf)).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
});

test('the feed listens again after its connection was cut, and wakes everybody who may have missed something', async () => {
  const poked = Promise.withResolvers<void>();
  const unfollow = feed.follow('somebody', () => poked.resolve());
  await database.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where application_name = 'offprint feed' and datname = current_database()`,
  );
  await poked.promise;
  unfollow();
  expect(feed.size).toBe(0);
});

test('a follower misses nothing under several writers at once', async () => {
  await using run = await openDrivenRun(database, tenant);
  const followers = [follow(run, 0), follow(run, 0), follow(run, 0)].map(all);
  await run.begin();
  await Promise.all(Array.from({ length: 30 }, (_, at) => run.tell(at + 1)));
  await run.finish();
  const seen = await Promise.all(followers);
  const numbers = seen.map((items) => items.map(numberOf));
  expect(numbers[0]).toEqual(numbers[0]?.map((_, at) => at + 1));
  expect(numbers[0]?.length).toBeGreaterThan(30);
  expect(numbers).toEqual([numbers[0], numbers[0], numbers[0]]);
});
