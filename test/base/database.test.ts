import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, longTransaction, openDatabase } from '#base/database.ts';
import { openLog } from '#base/log.ts';
import { wasCutShort } from '#base/outage.ts';
import { Prisma } from '#generated/prisma/client.ts';
import { openTestDatabase } from '../support/database.ts';

const log = openLog('silent');

test('rows are read and written by the typed client and by the pool of one database', async () => {
  await using database = await openTestDatabase();
  const workspace = await database.prisma.workspace.create({ data: { externalId: 'org_1', slug: 'one', name: 'One' } });
  const { rows } = await database.pool.query<{ id: string }>('select id from workspaces');
  expect(rows).toEqual([{ id: workspace.id }]);
});

test('every statement of the typed client can be listened to', async () => {
  await using database = await openTestDatabase();
  const statements: string[] = [];
  database.prisma.$on('query', ({ query }) => statements.push(query));
  await database.prisma.workspace.findMany({ select: { id: true } });
  expect(statements).toEqual([expect.stringMatching(/^SELECT .* FROM "public"."workspaces"/)]);
});

test('a connection that the server ends is replaced by the next query and harms nobody', async () => {
  await using database = await openTestDatabase();
  const { rows } = await database.pool.query<{ pid: number }>('select pg_backend_pid() as pid');
  const gone = new Promise((resolve) => database.pool.once('error', resolve));
  const other = new Client(database.url);
  await other.connect();
  await other.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
  await other.end();
  await gone;
  expect(await database.prisma.workspace.count()).toBe(0);
});

test('a statement inside a transaction that fails leaves nothing behind', async () => {
  await using database = await openTestDatabase();
  const { prisma } = database;
  const work = prisma.$transaction(async (tx) => {
    await tx.workspace.create({ data: { externalId: 'org_1', slug: 'one', name: 'One' } });
    throw new Error('second thoughts');
  });
  await expect(work).rejects.toThrow('second thoughts');
  expect(await prisma.workspace.count()).toBe(0);
});

describe('where no statement may take longer than a while', () => {
  const sleep = (seconds: number) => Prisma.sql`select pg_sleep(${seconds})::text`;
  let database: Database;
  let hasty: Database;

  beforeAll(async () => {
    database = await openTestDatabase();
    hasty = openDatabase(database.url, log, { longestStatementMs: 100 });
  });
  afterAll(async () => {
    await hasty[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  test('the server ends one that does, on every connection', async () => {
    const sleepers = Array.from({ length: 4 }, () => hasty.prisma.$queryRaw(sleep(60)));
    const ends = await Promise.allSettled(sleepers);
    expect(ends.map((end) => end.status === 'rejected' && wasCutShort(end.reason))).toEqual([true, true, true, true]);
  });

  test('one of a long transaction may take as long as that, and those after it as long as any', async () => {
    const long = longTransaction(hasty.prisma, 20_000, (tx) => tx.$queryRaw(sleep(0.3)));
    await expect(long).resolves.toHaveLength(1);
    await expect(longTransaction(hasty.prisma, 200, (tx) => tx.$queryRaw(sleep(60)))).rejects.toSatisfy(wasCutShort);
    await expect(hasty.prisma.$queryRaw(sleep(60))).rejects.toSatisfy(wasCutShort);
  });
});

test('a database that still has somebody connected ends with an error that says who', async () => {
  const database = await openTestDatabase();
  const forgotten = openDatabase(database.url, log);
  await forgotten.pool.query('select 42');
  await expect(database[Symbol.asyncDispose]()).rejects.toThrow(/left open:\noffprint: select 42/);
  await forgotten[Symbol.asyncDispose]();
});
