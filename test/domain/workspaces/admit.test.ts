import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '#base/database.ts';
import { envFrom } from '#base/env.ts';
import { admit } from '#domain/workspaces/admit.ts';
import type { Session } from '#providers/identity.ts';
import { openTestDatabase } from '../../support/database.ts';

let database: Database;
const env = envFrom({ ADMIN_USER_IDS: 'user_root, user_other' });

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const session = (more: Partial<Session> = {}): Session => ({
  userId: `user_${crypto.randomUUID()}`,
  sessionId: 'sess_1',
  displayName: 'Ada',
  organization: { id: `org_${crypto.randomUUID()}`, slug: `acme-${crypto.randomUUID()}`, role: 'admin' },
  expiresAt: new Date(Date.now() + 60_000),
  ...more,
});

test('somebody new becomes a member of their organisation', async () => {
  const viewer = await admit({ database, env }, session());
  expect([...viewer.roles.values()]).toEqual(['ADMIN']);
});

test('somebody without an organisation owns a workspace of their own', async () => {
  const alone = session({ organization: null });
  const viewer = await admit({ database, env }, alone);
  expect([...viewer.roles.values()]).toEqual(['OWNER']);
  expect(await admit({ database, env }, alone)).toEqual(viewer);
});

test('ten first requests at the same moment make one user and one workspace', async () => {
  const first = session();
  const viewers = await Promise.all(Array.from({ length: 10 }, () => admit({ database, env }, first)));
  expect(new Set(viewers.map(({ userId }) => userId)).size).toBe(1);
  expect(await database.prisma.workspace.count({ where: { externalId: first.organization?.id ?? '' } })).toBe(1);
});

test('an organisation that took a slug another one had does not lock its people out', async () => {
  const slug = `renamed-${crypto.randomUUID()}`;
  const before = await admit({ database, env }, session({ organization: { id: 'org_before', slug, role: 'admin' } }));
  const after = await admit({ database, env }, session({ organization: { id: 'org_after', slug, role: 'admin' } }));
  expect([...after.roles.keys()]).not.toEqual([...before.roles.keys()]);
  expect(after.roles.size).toBe(1);
});

test('known people cost one statement', async () => {
  const known = session();
  await admit({ database, env }, known);
  const statements: string[] = [];
  database.prisma.$on('query', ({ query }) => statements.push(query));
  await admit({ database, env }, known);
  expect(statements).toHaveLength(1);
});

test('a session opens its own organisation and the own workspace, not one that was joined before', async () => {
  const former = session();
  const left = await admit({ database, env }, former);
  const alone = await admit({ database, env }, { ...former, organization: null });
  expect(alone.userId).toBe(left.userId);
  expect([...alone.roles.keys()]).not.toEqual(expect.arrayContaining([...left.roles.keys()]));
  const back = await admit({ database, env }, former);
  expect([...back.roles.keys()].toSorted()).toEqual([...left.roles.keys(), ...alone.roles.keys()].toSorted());
});

test('people whom the environment names look after the deployment, in whatever organisation they are', async () => {
  expect(await admit({ database, env }, session())).toMatchObject({ admin: false });
  const first = await admit({ database, env }, session({ userId: 'user_root' }));
  const again = await admit({ database, env }, session({ userId: 'user_root', organization: null }));
  expect([first, again]).toMatchObject([{ admin: true }, { admin: true }]);
  const none = { database, env: envFrom({}) };
  expect(await admit(none, session({ userId: 'user_root' }))).toMatchObject({ admin: false });
});
