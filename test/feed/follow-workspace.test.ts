import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database, Tx } from '#base/database.ts';
import { openLog } from '#base/log.ts';
import { type Feed, openFeed } from '#feed/feed.ts';
import {
  type ActivityPosition,
  followWorkspace,
  type StoredActivity,
  startOfActivity,
} from '#feed/follow-workspace.ts';
import { tellWorkspace } from '#pipeline/activity.ts';
import { openTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { seedTenant } from '../support/seed.ts';

const log = openLog('silent');
let database: Database;
let feed: Feed;
let workspaceId: string;
let names = 0;

beforeAll(async () => {
  database = await openTestDatabase();
  feed = await openFeed(database.url, log);
});
beforeEach(async () => {
  ({ workspaceId } = await seedTenant(database, `ada${(names += 1)}`));
});
afterAll(async () => {
  await feed[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

async function now(): Promise<ActivityPosition> {
  const start = await startOfActivity(database, null);
  if (!start) throw new Error('now is always a position');
  return start.position;
}

const follow = (from: ActivityPosition) => followWorkspace({ database, feed, log }, workspaceId, from);

async function tell(tx: Tx = database.prisma): Promise<string> {
  const subject = { type: 'Run', id: crypto.randomUUID() };
  await tellWorkspace(tx, { workspaceId, kind: 'RUN_STARTED', actorId: null, subject });
  return subject.id;
}

/** The next activities, and then no more. */
async function take(items: AsyncIterableIterator<StoredActivity>, count: number): Promise<StoredActivity[]> {
  const taken: StoredActivity[] = [];
  while (taken.length < count) {
    const { value, done } = await items.next();
    if (done) break;
    taken.push(value);
  }
  await items.return?.();
  return taken;
}

const subjectsOf = (activities: readonly StoredActivity[]) => activities.map(({ subject }) => subject.id);

describe('a follower of a workspace', () => {
  test('sees what happens from then on, and nothing of other workspaces', async () => {
    await tell();
    const from = await now();
    const told = await tell();
    const other = await seedTenant(database, `other${names}`);
    await tellWorkspace(database.prisma, {
      workspaceId: other.workspaceId,
      kind: 'RUN_FINISHED',
      actorId: null,
      subject: { type: 'Run', id: crypto.randomUUID() },
    });
    const last = await tell();
    expect(subjectsOf(await take(follow(from), 2))).toEqual([told, last]);
  });

  test('that comes back sees exactly what came after its place', async () => {
    const from = await now();
    for (let at = 0; at < 5; at += 1) await tell();
    const all = await take(follow(from), 5);
    for (const [at, { position }] of all.slice(0, 4).entries()) {
      expect(subjectsOf(await take(follow(position), 4 - at))).toEqual(subjectsOf(all.slice(at + 1)));
    }
  });

  test('loses nothing under eight writers at once, also while an old transaction is open', async () => {
    const from = await now();
    const told: string[] = [];
    const following = take(follow(from), 8 * 25 + 1);
    const opened = Promise.withResolvers<void>();
    const others = Promise.withResolvers<void>();
    const long = database.prisma.$transaction(
      async (tx) => {
        told.push(await tell(tx));
        opened.resolve();
        await others.promise;
      },
      { timeout: 30_000 },
    );
    await opened.promise;
    const writers = Array.from({ length: 7 }, async () => {
      for (let at = 0; at < 25; at += 1) told.push(await database.prisma.$transaction((tx) => tell(tx)));
    });
    await Promise.all(writers);
    others.resolve();
    await long;
    for (let at = 0; at < 25; at += 1) told.push(await tell());
    const seen = subjectsOf(await following);
    expect(new Set(seen)).toEqual(new Set(told));
    expect(seen).toHaveLength(told.length);
  });

  test('sees the same order as every other one', async () => {
    const from = await now();
    const followers = [follow(from), follow(from), follow(from)].map((items) => take(items, 40));
    await Promise.all(Array.from({ length: 40 }, () => database.prisma.$transaction((tx) => tell(tx))));
    const [one, ...others] = (await Promise.all(followers)).map(subjectsOf);
    expect(others).toEqual([one, one]);
  });

  test('comes to its end with the workspace', async () => {
    const items = follow(await now());
    const end = items.next();
    await database.prisma.workspace.delete({ where: { id: workspaceId } });
    expect(await end).toEqual({ done: true, value: undefined });
  });

  test('that leaves while it waits is gone at once', async () => {
    const items = follow(await now());
    const waiting = items.next();
    await eventually(() => expect(feed.size).toBe(1));
    await items.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(feed.size).toBe(0);
  });
});

describe('a place in the activity of a workspace', () => {
  test('is known again', async () => {
    const from = await now();
    await tell();
    const [activity] = await take(follow(from), 1);
    const position = activity?.position ?? from;
    expect(await startOfActivity(database, position)).toEqual({ position, expired: false });
  });

  test('of the day before yesterday is given up for now', async () => {
    const old = Date.now() - 25 * 60 * 60 * 1000;
    const id = `${old
      .toString(16)
      .padStart(12, '0')
      .replace(/^(.{8})/, '$1-')}-7000-8000-000000000000`;
    const start = await startOfActivity(database, { transactionId: 1n, id });
    expect(start?.expired).toBe(true);
    const told = await tell();
    expect(subjectsOf(await take(follow(start?.position ?? (await now())), 1))).toEqual([told]);
  });

  test('that nobody can have been told yet is none', async () => {
    const { transactionId, id } = await now();
    expect(await startOfActivity(database, { transactionId: transactionId + 1_000_000n, id })).toBeNull();
  });
});
