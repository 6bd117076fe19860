import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Problem } from '#base/problem.ts';
import { openFeed } from '#feed/feed.ts';
import type { Api, Viewer } from '#graph/context.ts';
import { told, whileMember } from '#graph/membership.ts';
import { uncounted } from '#graph/rate-limits.ts';
import { seedTenant, type Tenant } from '../support/seed.ts';
import { openTestRunner, type TestRunner } from '../support/stage-runner.ts';

let bench: TestRunner;
let api: Api;
let count = 0;

beforeAll(async () => {
  bench = await openTestRunner();
  const { env, log, database, storage, wake } = bench.runner.worker;
  api = { env, log, database, storage, wake, feed: await openFeed(database.url, log), rates: uncounted };
});
afterAll(async () => {
  await api.feed[Symbol.asyncDispose]();
  await bench[Symbol.asyncDispose]();
});

const newTenant = () => seedTenant(bench.database, `tenant-${(count += 1)}`);
const ownerOf = ({ userId, workspaceId }: Tenant): Viewer => ({
  userId,
  roles: new Map([[workspaceId, 'OWNER']]),
  admin: false,
  key: null,
});

/** Items that never come, until somebody leaves. */
function silence() {
  const left = Promise.withResolvers<IteratorResult<number>>();
  const items: AsyncIterableIterator<number> = {
    [Symbol.asyncIterator]: () => items,
    next: () => left.promise,
    return: () => {
      left.resolve({ done: true, value: undefined });
      return left.promise;
    },
  };
  return items;
}

test('whoever gets a lower role reads on with that one', async () => {
  const tenant = await newTenant();
  const viewer = ownerOf(tenant);
  const items = whileMember({ api, viewer }, tenant.workspaceId, silence());
  await bench.database.prisma.workspaceMembership.updateMany({ where: tenant, data: { role: 'VIEWER' } });
  await vi.waitFor(() => expect(viewer.roles.get(tenant.workspaceId)).toBe('VIEWER'), { timeout: 5_000 });
  expect(api.feed.standings.countOf(viewer.userId)).toBe(1);
  await items.return?.();
  expect(api.feed.standings.countOf(viewer.userId)).toBe(0);
});

test('whoever is removed gets one last item, which is thrown, and then the end, however often they ask', async () => {
  const tenant = await newTenant();
  const items = whileMember({ api, viewer: ownerOf(tenant) }, tenant.workspaceId, silence());
  const last = items.next();
  await bench.database.prisma.workspaceMembership.deleteMany({ where: tenant });
  const { value } = await last;
  expect(value).toBeInstanceOf(Problem);
  expect(() => told<unknown>(value)).toThrow('You may not read this any more.');
  expect([await items.next(), await items.next()]).toEqual([
    { done: true, value: undefined },
    { done: true, value: undefined },
  ]);
  expect(api.feed.standings.countOf(tenant.userId)).toBe(0);
});

test('a stream too many is refused, and its source is left', async () => {
  const tenant = await newTenant();
  const viewer = ownerOf(tenant);
  const open = () => whileMember({ api, viewer }, tenant.workspaceId, silence());
  const streams = Array.from({ length: api.env.SOCKETS_PER_USER * 20 }, open);
  const source = silence();
  expect(() => whileMember({ api, viewer }, tenant.workspaceId, source)).toThrow('too much at once');
  expect(await source.next()).toEqual({ done: true, value: undefined });
  await streams[0]?.return?.();
  streams.push(open());
  for (const stream of streams) await stream.return?.();
  expect(api.feed.standings.countOf(viewer.userId)).toBe(0);
});
