import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { graphql } from '#generated/client/gql.ts';
import type { WorkspaceRole } from '#generated/client/graphql.ts';
import { type House, openHouse } from '../../support/house.ts';
import { rowIdOf } from '../../support/talk-run.ts';

const createDocument = graphql(`
  mutation MakeWorkspace($input: CreateWorkspaceInput!) {
    createWorkspace(input: $input) { errors { code path } workspace { id slug name viewerRole } }
  }
`);
const addDocument = graphql(`
  mutation AddMember($input: AddWorkspaceMemberInput!) {
    addWorkspaceMember(input: $input) { errors { code path } invitation { id email role } }
  }
`);
const setDocument = graphql(`
  mutation SetRole($input: SetWorkspaceMemberRoleInput!) {
    setWorkspaceMemberRole(input: $input) { errors { code } membership { role } }
  }
`);
const removeDocument = graphql(`
  mutation RemoveMember($input: RemoveWorkspaceMemberInput!) {
    removeWorkspaceMember(input: $input) { errors { code } deletedId }
  }
`);
const membersDocument = graphql(`
  query MembersOf($id: ID!) {
    workspace(by: { id: $id }) {
      viewerRole
      members { nodes { id role user { displayName } } }
      invitations { totalCount nodes { id email role } }
    }
  }
`);

let house: House;
let owner: string;

beforeAll(async () => {
  house = await openHouse({ worker: false });
  owner = await house.keys.mint({ user: 'olga', workspace: 'office', email: 'olga@example.com' });
});
afterAll(() => house[Symbol.asyncDispose]());

let made = 0;
const place = () => ({ name: 'Podcast', slug: `podcast-${++made}`, idempotencyKey: crypto.randomUUID() });

async function workspace(): Promise<string> {
  const { data } = await house.send(createDocument, { input: place() }, owner);
  expect(data.createWorkspace?.errors).toEqual([]);
  return data.createWorkspace?.workspace?.id ?? '';
}

const tokenOf = (user: string): Promise<string> =>
  house.keys.mint({ user, workspace: 'elsewhere', email: `${user}@example.com` });

interface Adding {
  readonly role?: WorkspaceRole;
  readonly by?: string;
}

async function add(workspaceId: string, user: string, { role = 'EDITOR', by = owner }: Adding = {}) {
  const { data } = await house.send(addDocument, { input: { workspaceId, email: `${user}@example.com`, role } }, by);
  return data.addWorkspaceMember?.errors.map(({ code }) => code);
}

async function seen(id: string, token = owner) {
  const { data } = await house.send(membersDocument, { id }, token);
  return data.workspace;
}

/** Somebody who was added and has signed in. */
async function joined(workspaceId: string, user: string, role: WorkspaceRole = 'EDITOR') {
  expect(await add(workspaceId, user, { role })).toEqual([]);
  const token = await tokenOf(user);
  expect((await seen(workspaceId, token))?.viewerRole).toBe(role);
  return { token, membershipId: await membershipOf(workspaceId, user) };
}

async function membershipOf(workspaceId: string, user: string): Promise<string> {
  const members = (await seen(workspaceId))?.members.nodes ?? [];
  return members.find((member) => member.user.displayName === user)?.id ?? '';
}

async function setRole(membershipId: string, role: WorkspaceRole, by = owner) {
  const { data } = await house.send(setDocument, { input: { membershipId, role } }, by);
  return data.setWorkspaceMemberRole?.errors.map(({ code }) => code);
}

async function remove(membershipId: string, by = owner) {
  const { data } = await house.send(removeDocument, { input: { membershipId } }, by);
  return data.removeWorkspaceMember?.errors.map(({ code }) => code);
}

describe('a workspace that somebody makes', () => {
  test('is theirs, seen at once and made once by its key', async () => {
    const input = place();
    const [first, second] = await Promise.all([1, 2].map(() => house.send(createDocument, { input }, owner)));
    expect(first?.data.createWorkspace).toMatchObject({
      errors: [],
      workspace: { slug: input.slug, name: 'Podcast', viewerRole: 'OWNER' },
    });
    expect(second?.data).toEqual(first?.data);
    const other = await house.send(createDocument, { input: { ...input, name: 'Else' } }, owner);
    expect(other.data.createWorkspace?.errors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);
  });

  test('needs a slug of its own, and leaves no key behind where that is taken', async () => {
    const input = { ...place(), slug: 'office' };
    const taken = await house.send(createDocument, { input }, owner);
    expect(taken.data.createWorkspace).toEqual({
      errors: [{ code: 'CONFLICT', path: ['input', 'slug'] }],
      workspace: null,
    });
    const again = await house.send(createDocument, { input: { ...input, slug: `free-${++made}` } }, owner);
    expect(again.data.createWorkspace?.errors).toEqual([]);
    for (const slug of ['ab', 'Capitals', 'two--hyphens', 'personal-user-ada', '-a-b', '\u0000abc']) {
      const { data } = await house.send(createDocument, { input: { ...place(), slug } }, owner);
      expect(data.createWorkspace?.errors).toMatchObject([{ code: 'INVALID_INPUT' }]);
    }
  });
});

describe('somebody who is added', () => {
  test('joins by signing in with the verified address, and waits among the invitations until then', async () => {
    const workspaceId = await workspace();
    expect(await add(workspaceId, 'Grace')).toEqual([]);
    expect((await seen(workspaceId))?.invitations).toMatchObject({
      totalCount: 1,
      nodes: [{ email: 'grace@example.com', role: 'EDITOR' }],
    });
    const unverified = await house.keys.mint({ user: 'grace', workspace: 'elsewhere' });
    expect(await seen(workspaceId, unverified)).toBeNull();
    expect((await seen(workspaceId, await tokenOf('grace')))?.viewerRole).toBe('EDITOR');
    expect((await seen(workspaceId))?.invitations.totalCount).toBe(0);
    expect(await add(workspaceId, 'grace')).toEqual(['CONFLICT']);
  });

  test('is answered alike whether they are known here or not', async () => {
    const workspaceId = await workspace();
    await seen(workspaceId, await tokenOf('known'));
    expect(await add(workspaceId, 'known')).toEqual([]);
    expect(await add(workspaceId, 'unknown')).toEqual([]);
    expect((await seen(workspaceId))?.invitations.totalCount).toBe(2);
  });

  test('with another role is invited once, and not at all once that was withdrawn', async () => {
    const workspaceId = await workspace();
    await add(workspaceId, 'heidi');
    await add(workspaceId, 'heidi', { role: 'VIEWER' });
    const [waiting, ...more] = (await seen(workspaceId))?.invitations.nodes ?? [];
    expect([waiting, more]).toMatchObject([{ role: 'VIEWER' }, []]);
    expect(await remove(waiting?.id ?? '')).toEqual([]);
    expect(await seen(workspaceId, await tokenOf('heidi'))).toBeNull();
  });
});

describe('roles', () => {
  test('are changed by admins, but owners are made and unmade by owners only', async () => {
    const workspaceId = await workspace();
    const admin = await joined(workspaceId, 'alan', 'ADMIN');
    const editor = await joined(workspaceId, 'edith');
    const self = await membershipOf(workspaceId, 'olga');
    expect(await setRole(editor.membershipId, 'VIEWER', admin.token)).toEqual([]);
    expect((await seen(workspaceId, editor.token))?.viewerRole).toBe('VIEWER');
    for (const refused of [
      await setRole(admin.membershipId, 'ADMIN', editor.token),
      await setRole(editor.membershipId, 'OWNER', admin.token),
      await setRole(self, 'ADMIN', admin.token),
      await remove(self, admin.token),
      await add(workspaceId, 'new', { role: 'OWNER', by: admin.token }),
      await add(workspaceId, 'new', { role: 'VIEWER', by: editor.token }),
    ]) {
      expect(refused).toEqual(['FORBIDDEN']);
    }
    expect((await seen(workspaceId, editor.token))?.invitations).toEqual({ totalCount: 0, nodes: [] });
    expect(await setRole(admin.membershipId, 'OWNER')).toEqual([]);
    expect(await setRole(self, 'ADMIN', admin.token)).toEqual([]);
  });

  test('leave a workspace at least one owner, also where two go at once', async () => {
    const workspaceId = await workspace();
    const self = await membershipOf(workspaceId, 'olga');
    expect([await setRole(self, 'EDITOR'), await remove(self)]).toEqual([['CONFLICT'], ['CONFLICT']]);
    const other = await joined(workspaceId, 'oscar', 'OWNER');
    const outcomes = await Promise.all([remove(self), remove(other.membershipId, other.token)]);
    expect(outcomes.flat()).toEqual(['CONFLICT']);
    expect(
      await house.database.prisma.workspaceMembership.count({ where: { workspaceId: rowIdOf(workspaceId) } }),
    ).toBe(1);
  });

  test('and places that come from an organisation, or are their own, are not changed here', async () => {
    const { data } = await house.send(membersDocument, { id: house.workspaceId });
    const [ada] = data.workspace?.members.nodes ?? [];
    expect(await setRole(ada?.id ?? '', 'VIEWER', house.token)).toEqual(['INVALID_STATE']);
    expect(await remove(ada?.id ?? '', house.token)).toEqual(['INVALID_STATE']);
  });
});

describe('somebody who leaves or is removed', () => {
  test('finds nothing there any more, and the workspace is told', async () => {
    const workspaceId = await workspace();
    const [leaver, removed] = [await joined(workspaceId, 'leah', 'VIEWER'), await joined(workspaceId, 'remo')];
    expect(await remove(removed.membershipId, leaver.token)).toEqual(['FORBIDDEN']);
    expect(await remove(leaver.membershipId, leaver.token)).toEqual([]);
    expect(await remove(removed.membershipId)).toEqual([]);
    expect([await seen(workspaceId, leaver.token), await seen(workspaceId, removed.token)]).toEqual([null, null]);
    expect(await remove(removed.membershipId)).toEqual(['NOT_FOUND']);
    const where = { workspaceId: rowIdOf(workspaceId), kind: 'MEMBER_CHANGED' as const };
    expect(await house.database.prisma.workspaceActivity.count({ where })).toBe(4);
  });

  test('by a stranger is not found', async () => {
    const workspaceId = await workspace();
    const { membershipId } = await joined(workspaceId, 'mallory');
    await add(workspaceId, 'pending');
    const invitation = (await seen(workspaceId))?.invitations.nodes[0]?.id ?? '';
    for (const id of [membershipId, invitation, workspaceId, 'x']) {
      expect(await remove(id, house.token)).toEqual(['NOT_FOUND']);
    }
    expect(await setRole(membershipId, 'VIEWER', house.token)).toEqual(['NOT_FOUND']);
    expect(await add(workspaceId, 'other', { role: 'VIEWER', by: house.token })).toEqual(['NOT_FOUND']);
  });
});

test('somebody is added once for an idempotency key, whatever was changed since', async () => {
  const input = {
    workspaceId: await workspace(),
    email: 'once@example.com',
    role: 'EDITOR' as const,
    idempotencyKey: crypto.randomUUID(),
  };
  const first = await house.send(addDocument, { input }, owner);
  expect(first.data.addWorkspaceMember).toMatchObject({ errors: [], invitation: { role: 'EDITOR' } });
  expect(await add(input.workspaceId, 'once', { role: 'VIEWER' })).toEqual([]);
  const again = await house.send(addDocument, { input }, owner);
  expect(again.data.addWorkspaceMember).toMatchObject({
    errors: [],
    invitation: { id: first.data.addWorkspaceMember?.invitation?.id, role: 'VIEWER' },
  });
  const other = await house.send(addDocument, { input: { ...input, role: 'ADMIN' } }, owner);
  expect(other.data.addWorkspaceMember?.errors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);
});
