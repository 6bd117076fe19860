import type { PoolClient } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '#base/database.ts';
import { type Asker, onBehalfOf } from '#base/fair-pool.ts';
import { openTestDatabase } from '../support/database.ts';
import { blockedSessions } from '../support/steps.ts';

let database: Database;

beforeAll(async () => {
  // Of 8 connections.
  database = await openTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

/** Asks for so many connections, and tells which have come. */
function asking(count: number, asker?: Asker) {
  const there: PoolClient[] = [];
  const connect = () => database.pool.connect();
  const all = Array.from({ length: count }, async () => {
    const client = await (asker ? onBehalfOf(asker, connect) : connect());
    there.push(client);
    return client;
  });
  return { there, all };
}

const release = (clients: readonly PoolClient[]): void => {
  for (const client of clients) client.release();
};

test('an asker has three connections at a time, all of them together leave two to what is asked for nobody', async () => {
  const [one, two, three] = ['one', 'two', 'three'].map((key) => asking(5, { key }));
  await expect.poll(() => [one?.there.length, two?.there.length, three?.there.length]).toEqual([3, 3, 0]);
  const nobody = asking(2);
  release(await Promise.all(nobody.all));
  release(one?.there.splice(0, 2) ?? []);
  await expect.poll(() => [one?.there.length, two?.there.length, three?.there.length]).toEqual([1, 3, 2]);
  for (const { all } of [one, two, three].flatMap((some) => some ?? []))
    for (const connected of all) void connected.then((client) => client.release()).catch(() => {});
  for (const some of [one, two, three]) await Promise.all(some?.all ?? []);
});

test('whoever nobody wants to know for any more gets no connection, and whoever waits behind gets one', async () => {
  const stop = new AbortController();
  const held = await Promise.all(asking(3, { key: 'one' }).all);
  const late = asking(2, { key: 'one', signal: stop.signal });
  const behind = asking(1, { key: 'one' });
  const ends = Promise.allSettled(late.all);
  stop.abort(new Error('too late'));
  release(held.splice(0, 1));
  release(await Promise.all(behind.all));
  expect(await ends).toEqual([
    { status: 'rejected', reason: new Error('too late') },
    { status: 'rejected', reason: new Error('too late') },
  ]);
  release(held);
});

test('what the typed client sends takes turns as well, and a transaction counts as one', async () => {
  const lock = await database.pool.connect();
  const blocked = () => blockedSessions(database);
  const count = () => database.prisma.upload.count();
  let counted: Promise<number[]>;
  let other: number;
  try {
    await lock.query('begin; lock table uploads in access exclusive mode');
    counted = onBehalfOf({ key: 'one' }, () =>
      Promise.all([database.prisma.$transaction((tx) => tx.upload.count()), ...Array.from({ length: 9 }, count)]),
    );
    await expect.poll(blocked).toBe(3);
    other = await onBehalfOf({ key: 'two' }, () => database.prisma.workspace.count());
    expect(await blocked()).toBe(3);
  } finally {
    await lock.query('rollback');
    lock.release();
  }
  expect([other, ...(await counted)]).toEqual(Array.from({ length: 11 }, () => 0));
});
