import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, openDatabase, type Tx } from '#base/database.ts';
import { openLog } from '#base/log.ts';
import { personGone } from '#domain/identity/people.ts';
import type { WorkspaceRole } from '#generated/prisma/enums.ts';
import { openTestDatabase } from '../../support/database.ts';
import { blockedSessions } from '../../support/steps.ts';

let database: Database;
/** Looks at the others' locks: their own connections may all be taken. */
let watch: Database;
let made = 0;

beforeAll(async () => {
  database = await openTestDatabase();
  watch = openDatabase(database.url, openLog('silent'), { max: 1 });
});
afterAll(async () => {
  await watch[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

/** A workspace with one member of each role given, in this order. */
async function workspaceOf(...roles: WorkspaceRole[]) {
  const { prisma } = database;
  const name = `shared-${(made += 1)}`;
  const { id: workspaceId } = await prisma.workspace.create({ data: { externalId: `made:${name}`, slug: name, name } });
  const people: string[] = [];
  for (const role of roles) {
    const externalId = `user_${name}_${people.length}`;
    const { id: userId } = await prisma.user.create({ data: { externalId, displayName: externalId } });
    await prisma.workspaceMembership.create({ data: { workspaceId, userId, role } });
    people.push(externalId);
  }
  return { workspaceId, people };
}

const leave = (externalId: string) => (tx: Tx) =>
  personGone(tx, { kind: 'personGone', userId: externalId, at: new Date() });

/** Commits the first only once the second has done its part, or waits for it. */
async function atOnce(first: (tx: Tx) => Promise<unknown>, second: (tx: Tx) => Promise<unknown>): Promise<void> {
  const [written, commit] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const one = database.prisma.$transaction(
    async (tx) => {
      await first(tx);
      written.resolve();
      await commit.promise;
    },
    { timeout: 60_000 },
  );
  await written.promise;
  let done = false;
  const other = database.prisma.$transaction(second, { timeout: 60_000 }).finally(() => {
    done = true;
  });
  await expect.poll(async () => done || (await isSomebodyWaiting())).toBe(true);
  commit.resolve();
  await Promise.all([one, other]);
}

const isSomebodyWaiting = async (): Promise<boolean> => (await blockedSessions(watch)) > 0;

const rolesIn = async (workspaceId: string): Promise<string[]> =>
  (await database.prisma.workspaceMembership.findMany({ where: { workspaceId } })).map(({ role }) => role);

describe('people whom the identity provider has deleted', () => {
  test('leave their workspace to the next in rank', async () => {
    const { workspaceId, people } = await workspaceOf('OWNER', 'VIEWER', 'ADMIN');
    await database.prisma.$transaction(leave(people[0] ?? ''));
    expect((await rolesIn(workspaceId)).toSorted()).toEqual(['OWNER', 'VIEWER']);
  });

  test('do so also where the two last owners go at once', async () => {
    const { workspaceId, people } = await workspaceOf('OWNER', 'OWNER', 'EDITOR');
    await atOnce(leave(people[0] ?? ''), leave(people[1] ?? ''));
    expect(await rolesIn(workspaceId)).toEqual(['OWNER']);
  });

  test.each([
    ['the owner', 0, 1],
    ['the heir', 1, 0],
  ])('do so also where the heir goes at once, %s first', async (_who, first, second) => {
    const { workspaceId, people } = await workspaceOf('OWNER', 'ADMIN', 'VIEWER');
    await atOnce(leave(people[first] ?? ''), leave(people[second] ?? ''));
    expect(await rolesIn(workspaceId)).toEqual(['OWNER']);
  });
});
