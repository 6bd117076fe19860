import { setImmediate } from 'node:timers/promises';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Database } from '#base/database.ts';
import { correlation, withCorrelation } from '#base/log.ts';
import { readsOf } from '#graph/reads/reads.ts';
import { askedTogether } from '#graph/reads/together.ts';
import { openTestDatabase } from '../../support/database.ts';
import { seedDerived, seedTenant, seedUpload, type Tenant } from '../../support/seed.ts';
import { watchStatements } from '../../support/watch-statements.ts';

let database: Database;
let reads: Database['prisma'];
const tenants: Tenant[] = [];
const uploads: { readonly id: string; readonly workspaceId: string }[] = [];
let statements: () => number;

beforeAll(async () => {
  database = await openTestDatabase();
  reads = readsOf(database);
  for (const name of ['first', 'second']) {
    const tenant = await seedTenant(database, name);
    tenants.push(tenant);
    for (let clips = 0; clips < 5; clips += 1) {
      const id = await seedUpload(database, tenant, { title: `${name} ${clips}` });
      uploads.push({ id, workspaceId: tenant.workspaceId });
      await seedDerived(database, tenant, { uploadId: id, clips });
    }
  }
  const query = watchStatements(database);
  statements = () => query.mock.calls.splice(0).length;
});
afterAll(() => database[Symbol.asyncDispose]());

const select = {
  id: true,
  title: true,
  workspace: { select: { name: true } },
  clips: {
    select: { id: true, title: true, renditions: { select: { id: true, artifact: { select: { sizeBytes: true } } } } },
    orderBy: { id: 'asc' },
  },
  contents: { select: { id: true }, where: { kind: 'LINKEDIN' }, orderBy: { id: 'asc' }, take: 2 },
  _count: { select: { clips: true } },
} as const;

type Where = { readonly id: string; readonly workspaceId?: { readonly in: string[] } };

const read = (where: Where) => reads.upload.findFirst({ where, select });

/** A way to ask that is always free. */
const freely = (): Promise<Disposable> => Promise.resolve({ [Symbol.dispose]: () => {} });

describe('those who ask the same at the same time', () => {
  test('are asked for together, by a few statements, and each gets what the typed client reads', async () => {
    const wheres = [...uploads, ...uploads].map(({ id, workspaceId }) => ({ id, workspaceId: { in: [workspaceId] } }));
    // By and by it is known that they get little.
    for (const where of wheres) await read(where);
    statements();
    const answers = await Promise.all(wheres.map(read));
    // 8, 8 and 4 of 20; some more where the machine has so much to do that they wait for long.
    expect(statements()).toBeLessThanOrEqual(8);
    const typed = wheres.map((where) => database.prisma.upload.findFirst({ where, select }));
    expect(answers).toEqual(await Promise.all(typed));
  });

  test('never get rows of one another: each is asked for by their own workspaces', async () => {
    const asker = fc.record({ upload: fc.nat(uploads.length - 1), member: fc.subarray([0, 1]) });
    await fc.assert(
      fc.asyncProperty(fc.array(asker, { minLength: 1, maxLength: 20 }), async (askers) => {
        const workspacesOf = ({ member }: { member: number[] }) => member.map((at) => tenants[at]?.workspaceId ?? '');
        const answers = await Promise.all(
          askers.map((one) => read({ id: uploads[one.upload]?.id ?? '', workspaceId: { in: workspacesOf(one) } })),
        );
        const allowed = askers.map((one) => {
          const own = uploads[one.upload];
          return own && workspacesOf(one).includes(own.workspaceId) ? own.id : undefined;
        });
        expect(answers.map((upload) => upload?.id)).toEqual(allowed);
      }),
      { numRuns: 50 },
    );
  });

  test('do not fail because one of them asks what the database refuses', async () => {
    const ids = uploads.map(({ id }) => id);
    ids[4] = 'no uuid';
    const answers = await Promise.allSettled(ids.map((id) => reads.upload.findFirst({ where: { id }, select })));
    const failed = answers.flatMap(({ status }, at) => (status === 'rejected' ? [at] : []));
    expect(failed).toEqual([4]);
  });

  test('are asked for by as many at a time as their answers allow', async () => {
    const asked: number[] = [];
    const squares = askedTogether<object, number, Disposable>({
      open: freely,
      async ask(_way, _question, values) {
        asked.push(values.length);
        return values.map(([value]) => Number(value) ** 2);
      },
      mostOf: () => 5,
    });
    const question = {};
    const numbers = Array.from({ length: 12 }, (_, at) => at);
    const answers = await Promise.all(numbers.map((value) => squares(question, [value])));
    expect(answers).toEqual(numbers.map((value) => value ** 2));
    expect(asked).toEqual([4, 4, 4]);
  });

  test('wait no longer for a statement that hangs, however many they are', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      const hanging = askedTogether<object, string, Disposable>({
        open: freely,
        ask: async (_way, _question, values) => {
          if (values.flat().includes('hangs')) return new Promise<string[]>(() => {});
          return values.map(String);
        },
        mostOf: () => 1,
      });
      const question = {};
      void hanging(question, ['hangs']);
      void hanging(question, ['hangs']);
      const values = Array.from({ length: 30 }, (_, at) => `${at}`);
      const behind = values.map((value) => hanging(question, [value]));
      await vi.advanceTimersByTimeAsync(101);
      expect(await Promise.all(behind)).toEqual(values);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  test('are asked for by no more statements at once when all of them fail', async () => {
    let underWay = 0;
    let most = 0;
    const failing = askedTogether<object, string, Disposable>({
      open: freely,
      async ask() {
        underWay += 1;
        most = Math.max(most, underWay);
        await setImmediate();
        underWay -= 1;
        throw new Error('away');
      },
      mostOf: () => 8,
    });
    const question = {};
    const answers = await Promise.allSettled(Array.from({ length: 50 }, (_, at) => failing(question, [at])));
    expect(answers.every(({ status }) => status === 'rejected')).toBe(true);
    expect(most).toBe(2);
  });

  test('are not asked for one by one where all took too long', async () => {
    const asked: number[] = [];
    const slow = askedTogether<object, string, Disposable>({
      open: freely,
      async ask(_way, _question, values) {
        asked.push(values.length);
        await setImmediate();
        throw Object.assign(new Error('canceling statement due to statement timeout'), { code: '57014' });
      },
      mostOf: () => 8,
      mostMs: 15_000,
    });
    const question = {};
    const answers = await Promise.allSettled(Array.from({ length: 10 }, (_, at) => slow(question, [at])));
    expect(answers.every(({ status }) => status === 'rejected')).toBe(true);
    expect(asked).toEqual([8, 2]);
  });

  test('are not asked for any more when they have waited for so long that nobody wants to know', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      const asked: unknown[] = [];
      const hung = Promise.withResolvers<void>();
      const hanging = askedTogether<object, string, Disposable>({
        open: freely,
        async ask(_way, _question, values) {
          asked.push(...values.flat());
          if (asked.length <= 8) await hung.promise;
          return values.map(String);
        },
        mostOf: () => 1,
        mostMs: 15_000,
      });
      const question = {};
      const first = Array.from({ length: 10 }, (_, at) => hanging(question, [at]));
      const ends = Promise.allSettled(first);
      await vi.advanceTimersByTimeAsync(15_000);
      const late = hanging(question, ['late']);
      hung.resolve();
      expect(await late).toBe('late');
      expect((await ends).map(({ status }) => status)).toEqual([
        ...Array.from({ length: 8 }, () => 'fulfilled'),
        'rejected',
        'rejected',
      ]);
      await expect(first.at(-1)).rejects.toMatchObject({ code: 'TIMED_OUT' });
      expect(asked).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 'late']);
    } finally {
      vi.useRealTimers();
    }
  });

  test('are asked for under the request of none of them', async () => {
    const under: unknown[] = [];
    const asking = askedTogether<object, string, Disposable>({
      open: freely,
      async ask(_way, _question, values) {
        under.push(correlation());
        return values.map(String);
      },
      mostOf: () => 8,
    });
    const question = {};
    const one = (correlationId: string) =>
      withCorrelation({ correlationId }, async () => {
        await asking(question, [correlationId]);
        return correlation()?.correlationId;
      });
    expect(await Promise.all(['a', 'b', 'c', 'd'].map(one))).toEqual(['a', 'b', 'c', 'd']);
    expect(under).toEqual([undefined]);
  });
});
