import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '#base/database.ts';
import { openLog } from '#base/log.ts';
import { isOutage, throughOutage } from '#base/outage.ts';
import { Problem } from '#base/problem.ts';
import { openTestDatabase } from '../support/database.ts';
import { type Line, openLine } from '../support/line.ts';

describe('an outage of the database', () => {
  let direct: Database;
  let line: Line;
  let database: Database;

  beforeAll(async () => {
    direct = await openTestDatabase();
    line = await openLine(direct.url);
    database = openDatabase(line.url, openLog('silent'));
  });
  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    await line[Symbol.asyncDispose]();
    await direct[Symbol.asyncDispose]();
  });

  const asked = {
    'a read': () => database.prisma.workspace.findMany(),
    'a raw statement': () => database.prisma.$executeRaw`update workers set heartbeat_at = now()`,
    'a transaction': () => database.prisma.$transaction(async (tx) => tx.workspace.findMany()),
  };

  test.each(Object.entries(asked))('is told from %s that finds nobody', async (_what, ask) => {
    await line.cut();
    const failed = await ask().then(
      () => null,
      (error: unknown) => error,
    );
    await line.mend();
    expect(isOutage(failed)).toBe(true);
  });

  test('is told from a statement that it broke off, and from a server that ends its sessions', async () => {
    const broken = database.prisma.$transaction(async (tx) => {
      await line.cut();
      await tx.workspace.findMany();
    });
    const seen = await broken.catch((error: unknown) => error);
    await line.mend();
    expect(isOutage(seen)).toBe(true);
    const ended = database.prisma.$transaction(async (tx) => {
      const [own] = await tx.$queryRaw<{ pid: number }[]>`select pg_backend_pid() as pid`;
      await direct.pool.query('select pg_terminate_backend($1)', [own?.pid]);
      await tx.workspace.findMany();
    });
    const told = await ended.catch((error: unknown) => error);
    expect(isOutage(told)).toBe(true);
  });

  test('is not told from a fault of the caller, nor from another service that is away', async () => {
    const twice = { externalId: 'org_1', slug: 'one', name: 'One' };
    await database.prisma.workspace.create({ data: twice });
    const refused = await database.prisma.workspace.create({ data: twice }).catch((error: unknown) => error);
    const unreadable = await database.prisma.$queryRaw`selekt`.catch((error: unknown) => error);
    const fetched = await fetch('http://127.0.0.1:1').catch((error: unknown) => error);
    const storage = new Problem('PROVIDER_UNAVAILABLE', { provider: 'storage' }, fetched);
    for (const error of [refused, unreadable, fetched, storage, new TypeError('x is not a function'), 'x', null]) {
      expect(isOutage(error)).toBe(false);
    }
  });

  test('is waited for, and the work is done when it is over', async () => {
    await line.cut();
    let tries = 0;
    const counted = throughOutage(
      () => 20_000,
      async () => {
        tries += 1;
        if (tries === 4) await line.mend();
        return database.prisma.worker.count();
      },
    );
    expect(await counted).toBe(0);
    expect(tries).toBeGreaterThanOrEqual(4);
  });

  test('is waited for no longer than the patience lasts, and nothing else is tried again', async () => {
    await line.cut();
    await expect(throughOutage(() => 200, asked['a read'])).rejects.toSatisfy(isOutage);
    await line.mend();
    let tries = 0;
    const failing = throughOutage(
      () => 20_000,
      async () => {
        tries += 1;
        throw new Problem('INTERNAL');
      },
    );
    await expect(failing).rejects.toThrow(Problem);
    expect(tries).toBe(1);
  });

  test('includes no deadlock, but what lost to another transaction is tried again', async () => {
    let tries = 0;
    const lost = Object.assign(new Error('deadlock detected'), { code: '40P01' });
    const done = throughOutage(
      () => 5_000,
      async () => {
        tries += 1;
        if (tries < 3) throw lost;
        return tries;
      },
    );
    expect(isOutage(lost)).toBe(false);
    expect(await done).toBe(3);
  });
});
