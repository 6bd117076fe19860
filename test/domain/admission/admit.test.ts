import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Database } from '#base/database.ts';
import { envFrom } from '#base/env.ts';
import { admit, type Lobby } from '#domain/admission/admit.ts';
import type { Viewer } from '#graph/context.ts';
import type { Session } from '#providers/identity.ts';
import { openTestDatabase } from '../../support/database.ts';

let database: Database;
let lobby: Lobby;
/** As `lobby`, where the identity provider tells of every change. */
let told: Lobby;
const woken: string[] = [];

beforeAll(async () => {
  database = await openTestDatabase();
  const wake = (id: string) => void woken.push(id);
  lobby = { database, wake, env: envFrom({ ADMIN_USER_IDS: 'user_root, user_other' }) };
  told = { database, wake, env: envFrom({ CLERK_WEBHOOK_SIGNING_SECRET: 'whsec_c2VjcmV0' }) };
});
afterAll(() => database[Symbol.asyncDispose]());

const session = (more: Partial<Session> = {}): Session => ({
  userId: `user_${crypto.randomUUID()}`,
  sessionId: 'sess_1',
  displayName: 'Ada',
  email: null,
  organization: organization(),
  issuedAt: new Date(),
  expiresAt: new Date(Date.now() + 60_000),
  ...more,
});

const organization = (role = 'admin') => ({
  id: `org_${crypto.randomUUID()}`,
  slug: `acme-${crypto.randomUUID()}`,
  role,
});

async function enter(wanted: Session, at: Lobby = lobby): Promise<Viewer> {
  const viewer = await admit(at, wanted);
  if (!viewer) throw new Error('nobody was admitted');
  return viewer;
}

const rolesOf = async (wanted: Session, at?: Lobby) => [...(await enter(wanted, at)).roles.values()];

describe('on first sight', () => {
  test('somebody becomes a member of their organisation', async () => {
    expect(await rolesOf(session())).toEqual(['ADMIN']);
  });

  test('somebody without an organisation owns a workspace of their own', async () => {
    const alone = session({ organization: null });
    const viewer = await enter(alone);
    expect([...viewer.roles.values()]).toEqual(['OWNER']);
    expect(await enter(alone)).toEqual(viewer);
  });

  test('ten requests at the same moment make one user, one workspace and one membership', async () => {
    const first = session();
    const viewers = await Promise.all(Array.from({ length: 10 }, () => enter(first)));
    expect(new Set(viewers.map(({ userId }) => userId)).size).toBe(1);
    expect(viewers.map(({ roles }) => [...roles.values()])).toEqual(Array.from({ length: 10 }, () => ['ADMIN']));
    expect(await database.prisma.workspace.count({ where: { externalId: first.organization?.id ?? '' } })).toBe(1);
  });

  test('an organisation that took a slug another one had does not lock its people out', async () => {
    const slug = `renamed-${crypto.randomUUID()}`;
    const before = await enter(session({ organization: { id: 'org_before', slug, role: 'admin' } }));
    const after = await enter(session({ organization: { id: 'org_after', slug, role: 'admin' } }));
    expect([...after.roles.keys()]).not.toEqual([...before.roles.keys()]);
    expect(after.roles.size).toBe(1);
  });
});

test('known people cost one statement', async () => {
  const known = session({ email: 'known@example.com' });
  await enter(known);
  // Everything goes to the server by the pool, what the typed client sends, too.
  const query = vi.spyOn(database.pool, 'query');
  await enter(known);
  expect(query).toHaveBeenCalledOnce();
  query.mockRestore();
});

describe('somebody of two organisations', () => {
  const one = session();
  const other = session({ userId: one.userId, organization: organization('viewer') });

  test('sees only the one that the token names while nobody tells whether the other still holds', async () => {
    await enter(one);
    expect(await rolesOf(other)).toEqual(['VIEWER']);
    expect(await rolesOf({ ...one, organization: null })).toEqual(['OWNER']);
    expect((await rolesOf(one)).toSorted()).toEqual(['ADMIN', 'OWNER']);
  });

  test('sees both where the identity provider tells of every change', async () => {
    expect((await rolesOf(one, told)).toSorted()).toEqual(['ADMIN', 'OWNER', 'VIEWER']);
  });
});

describe('a role', () => {
  const acme = organization('admin');
  const issuedAt = new Date(Date.now() - 30_000);
  const older = session({ organization: acme, issuedAt });
  const newer = { ...older, organization: { ...acme, role: 'viewer' }, issuedAt: new Date() };

  test('is the one of the newest token, and an older one that is still valid does not bring the last one back', async () => {
    expect(await rolesOf(older)).toEqual(['ADMIN']);
    expect(await rolesOf(newer)).toEqual(['VIEWER']);
    expect(await rolesOf(older)).toEqual(['VIEWER']);
  });

  test('of somebody who was added here is not the organisation to change', async () => {
    const { userId, roles } = await enter(older);
    const [workspaceId = ''] = roles.keys();
    const where = { workspaceId_userId: { workspaceId, userId } };
    await database.prisma.workspaceMembership.update({ where, data: { role: 'OWNER', knownAt: null } });
    expect(await rolesOf({ ...newer, issuedAt: new Date() })).toEqual(['OWNER']);
  });
});

describe('an invited address', () => {
  async function invite(email: string, role: 'EDITOR' | 'OWNER' = 'EDITOR'): Promise<string> {
    const { roles } = await enter(session());
    const [workspaceId = ''] = roles.keys();
    const expiresAt = new Date(Date.now() + 60_000);
    await database.prisma.workspaceInvitation.create({ data: { workspaceId, email, role, expiresAt } });
    return workspaceId;
  }

  test('makes whoever signs in with it a member, and is used up by that', async () => {
    const workspaceId = await invite('grace@example.com');
    const grace = session({ email: 'grace@example.com' });
    expect((await enter(grace)).roles.get(workspaceId)).toBe('EDITOR');
    expect(woken).toContain(workspaceId);
    expect(await database.prisma.workspaceInvitation.count({ where: { workspaceId } })).toBe(0);
    expect(
      await database.prisma.workspaceActivity.findMany({ where: { workspaceId }, select: { kind: true } }),
    ).toEqual([{ kind: 'MEMBER_CHANGED' }]);
  });

  test('counts for somebody who is here already, with the next request', async () => {
    const known = session({ email: 'known-before@example.com' });
    await enter(known);
    const workspaceId = await invite('known-before@example.com');
    expect((await enter({ ...known, email: null })).roles.get(workspaceId)).toBe('EDITOR');
  });

  test('does nothing for anybody else, and nothing once it has run out', async () => {
    const workspaceId = await invite('somebody@example.com');
    expect((await enter(session({ email: 'else@example.com' }))).roles.has(workspaceId)).toBe(false);
    expect((await enter(session())).roles.has(workspaceId)).toBe(false);
    await database.prisma.workspaceInvitation.updateMany({ where: { workspaceId }, data: { expiresAt: new Date(0) } });
    expect((await enter(session({ email: 'somebody@example.com' }))).roles.has(workspaceId)).toBe(false);
  });
});

test('people whom the environment names look after the deployment, in whatever organisation they are', async () => {
  expect(await enter(session())).toMatchObject({ admin: false, key: null });
  const first = await enter(session({ userId: 'user_root' }));
  const again = await enter(session({ userId: 'user_root', organization: null }));
  expect([first, again]).toMatchObject([{ admin: true }, { admin: true }]);
  expect(await enter(session({ userId: 'user_root' }), told)).toMatchObject({ admin: false });
});
