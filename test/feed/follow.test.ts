import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '#base/database.ts';
import { openLog } from '#base/log.ts';
import { type Feed, openFeed } from '#feed/feed.ts';
import { type Followed, followRun } from '#feed/follow.ts';
import { changeRun } from '#pipeline/change-run.ts';
import { openTestDatabase } from '../support/database.ts';
import { type DrivenRun, openDrivenRun } from '../support/driven-run.ts';
import { eventually } from '../support/eventually.ts';
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
    expect((await items.next()).value).toEqual({
      snapshot: { runId: run.runId, sequence: 2, reason: 'INITIAL' },
    });
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
    await eventually(() => expect(feed.size).toBe(1));
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

/** Steps of progress in one commit. */
const burst = (run: DrivenRun, { from, count }: { from: number; count: number }) =>
  changeRun({ database, wake: () => {} }, { runId: run.runId, cause: `burst ${from}` }, async ({ emit }) => {
    const step = { stageRunId: run.runId, stage: 'ingest', subject: null, stageProgress: 0, runProgress: 0 } as const;
    for (let at = from; at < from + count; at += 1) {
      emit({ dedupeKey: `burst ${at}`, data: { kind: 'STAGE_PROGRESS', ...step } });
    }
  });

const sweep = (run: DrivenRun, upTo: number) =>
  database.prisma.runEvent.deleteMany({ where: { runId: run.runId, sequence: { lte: upTo } } });

describe('a follower whose place is no longer kept', () => {
  test('sees the state instead of what was swept away, then what follows', async () => {
    await using run = await openDrivenRun(database, tenant);
    await run.begin();
    await sweep(run, 3);
    const items = follow(run, 2);
    expect((await items.next()).value).toEqual({
      snapshot: { runId: run.runId, sequence: 4, reason: 'CURSOR_EXPIRED' },
    });
    await run.finish();
    expect((await all(items)).map(numberOf)).toEqual([5, 6]);
  });

  test('of a run that has ended sees the state and the end, also when nothing is kept', async () => {
    await using run = await openDrivenRun(database, tenant);
    await run.begin();
    await run.finish();
    await sweep(run, 1_000);
    expect(await all(follow(run, 1))).toEqual([
      { snapshot: { runId: run.runId, sequence: 6, reason: 'CURSOR_EXPIRED' } },
    ]);
    expect(await all(follow(run, 6))).toEqual([]);
  });
});

describe('a follower that is slow', () => {
  test('sees the state once the run is more than 500 events ahead, and loses no status', async () => {
    await using run = await openDrivenRun(database, tenant);
    const items = follow(run);
    await items.next();
    await run.begin();
    expect(numberOf((await items.next()).value)).toBe(3);
    await burst(run, { from: 0, count: 700 });
    await run.finish();
    const seen = await all(items);
    expect(seen.map(numberOf)).toEqual([4, undefined]);
    expect(seen.at(-1)).toEqual({ snapshot: { runId: run.runId, sequence: 706, reason: 'READER_TOO_SLOW' } });
  });

  test('is still given every event of a replay it asked for', async () => {
    await using run = await openDrivenRun(database, tenant);
    await burst(run, { from: 0, count: 700 });
    const items = follow(run, 0);
    await items.next();
    await burst(run, { from: 700, count: 400 });
    await run.finish();
    expect((await all(items)).map(numberOf)).toEqual(Array.from({ length: 1_103 }, (_, at) => at + 2));
  });
});

test('a follower of a run that is erased comes to its end', async () => {
  await using run = await openDrivenRun(database, tenant);
  const items = follow(run);
  await items.next();
  const end = items.next();
  await database.prisma.run.delete({ where: { id: run.runId } });
  expect(await end).toEqual({ done: true, value: undefined });
});

test('a hundred followers that wake together read together', async () => {
  await using run = await openDrivenRun(database, tenant);
  const followers = Array.from({ length: 100 }, () => follow(run, 2));
  const first = followers.map((items) => items.next());
  await eventually(() => expect(feed.size).toBe(100));
  let statements = 0;
  database.prisma.$on('query', ({ query }) => {
    if (/run_events/.test(query) && /^SELECT/i.test(query)) statements += 1;
  });
  await run.begin();
  await Promise.all(first);
  expect(statements).toBeLessThan(10);
  for (const items of followers) await items.return?.();
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
  const unfollow = feed.follow(crypto.randomUUID(), () => poked.resolve());
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
