import { expect, test } from 'vitest';
import { type Database, openDatabase } from '#base/database.ts';
import { openLog } from '#base/log.ts';
import { openFeed } from '#feed/feed.ts';
import { type Followed, followRun } from '#feed/follow.ts';
import { openOwnPostgres } from '../chaos/postgres.ts';
import { openDrivenRun } from '../support/driven-run.ts';
import { openHome } from '../support/home.ts';
import { seedTenant } from '../support/seed.ts';

const log = openLog('silent');

/** What one API process follows with. */
async function openReader(url: string) {
  await using cleanup = new AsyncDisposableStack();
  const database = cleanup.use(openDatabase(url, log, { max: 4 }));
  const feed = cleanup.use(await openFeed(url, log));
  const kept = cleanup.move();
  return { database, feed, log, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

async function all(items: AsyncIterable<Followed>): Promise<(number | string)[]> {
  const seen: (number | string)[] = [];
  for await (const item of items) seen.push('event' in item ? item.event.sequence : item.snapshot.reason);
  return seen;
}

/** A write through a restart: it may have been committed although its answer was lost, so it is made again as it is. */
async function insist(database: Database, write: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await write();
    } catch {
      await untilAnswering(database);
    }
  }
}

async function untilAnswering({ pool }: Database): Promise<void> {
  for (let answers = false; !answers; ) {
    answers = await pool.query('select 1').then(
      () => true,
      () => false,
    );
  }
}

test('followers in two processes see the same through restarts of the database: no gap, no repetition, no error', async () => {
  await using home = await openHome();
  await using postgres = await openOwnPostgres(home.path);
  await using writer = openDatabase(postgres.url, log, { max: 4 });
  await using here = await openReader(postgres.url);
  await using there = await openReader(postgres.url);
  await using run = await openDrivenRun(writer, await seedTenant(writer, 'ada'));
  const following = [here, there, there].map((reader) => all(followRun(reader, run.runId, 0)));
  await insist(writer, () => run.begin());
  for (let round = 0; round < 2; round += 1) {
    const crashed = postgres.crash();
    for (let step = 1; step <= 20; step += 1) await insist(writer, () => run.tell(round * 20 + step));
    await crashed;
  }
  await insist(writer, () => run.finish());
  const [one, ...others] = await Promise.all(following);
  // Two of its beginning, two of the stage's, forty steps, two of the end.
  expect(one).toEqual(Array.from({ length: 46 }, (_, at) => at + 1));
  expect(others).toEqual([one, one]);
}, 60_000);
