import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { keyHash, newKeyToken } from '#domain/keys/key-token.ts';
import { keyholder } from '#domain/keys/keyholder.ts';
import { graphql } from '#generated/client/gql.ts';
import type { ApiKeyScope, CreateApiKeyInput } from '#generated/client/graphql.ts';
import { mutations, nothingGiven } from '../../support/documents.ts';
import { type House, openHouse } from '../../support/house.ts';
import { openRawSocket } from '../../support/socket.ts';
import { rowIdOf } from '../../support/talk-run.ts';

const createDocument = graphql(`
  mutation MakeKey($input: CreateApiKeyInput!) {
    createApiKey(input: $input) {
      errors { code path message }
      token
      replayed
      apiKey { id name prefix scopes createdBy { displayName } expiresAt lastUsedAt revokedAt }
    }
  }
`);
const revokeDocument = graphql(`
  mutation RevokeKey($input: RevokeApiKeyInput!) {
    revokeApiKey(input: $input) { errors { code } apiKey { revokedAt } }
  }
`);
const listDocument = graphql(`
  query KeysOf($id: ID!) {
    workspace(by: { id: $id }) { apiKeys { totalCount nodes { id prefix lastUsedAt revokedAt } } }
  }
`);
const whoDocument = graphql(`
  query WhoIsThere {
    viewer { admin key { id scopes } workspaces { nodes { workspace { id viewerRole } } } }
  }
`);
const personDocument = graphql(`query WhoInPerson { viewer { user { id } } }`);
const exportsDocument = graphql(`query ExportsOf { viewer { exports { id } } }`);

let house: House;

beforeAll(async () => {
  house = await openHouse({ worker: false, env: { ADMIN_USER_IDS: 'user_ada' } });
});
afterAll(() => house[Symbol.asyncDispose]());

async function make(scopes: ApiKeyScope[] = ['READ'], by = house.token, expiresInDays = 90) {
  const input = { workspaceId: house.workspaceId, name: 'Importer', scopes, expiresInDays };
  const { data } = await house.send(createDocument, { input }, by);
  const { errors, token, apiKey } = data.createApiKey ?? {};
  return { errors: errors?.map(({ code }) => code), token: token ?? '', apiKey, id: apiKey?.id ?? '' };
}

/** Whether a token holds; one that does not is told so. */
async function isIn(token: string): Promise<boolean> {
  const { data, errors } = await house.send(whoDocument, {}, token);
  const [refusal] = z
    .array(z.object({ extensions: z.object({ code: z.literal('UNAUTHENTICATED') }) }))
    .parse(errors ?? []);
  return !refusal && data.viewer !== null;
}

const rowOf = (id: string) => ({ where: { id: rowIdOf(id) } });

test('tokens are told apart by their beginning and known by their hash', () => {
  const [one, other] = [newKeyToken(), newKeyToken()];
  expect(one.token).toMatch(/^ofp_[a-z2-7]{8}_[\w-]{43}$/);
  expect(one.token.startsWith(one.prefix)).toBe(true);
  expect(one.prefix).not.toBe(other.prefix);
  expect(one.hash).toEqual(keyHash(one.token));
  expect(one.hash).not.toEqual(keyHash(other.token));
});

describe('a key', () => {
  test('is shown whole once, opens its workspace only, and is nowhere stored', async () => {
    const { token, apiKey } = await make(['WRITE', 'WRITE']);
    expect(apiKey).toMatchObject({ name: 'Importer', scopes: ['READ', 'WRITE'], createdBy: { displayName: 'ada' } });
    const { data, errors } = await house.send(whoDocument, {}, token);
    expect(errors).toBeUndefined();
    expect(data.viewer).toEqual({
      admin: false,
      key: { id: apiKey?.id, scopes: ['READ', 'WRITE'] },
      workspaces: { nodes: [{ workspace: { id: house.workspaceId, viewerRole: 'ADMIN' } }] },
    });
    const list = await house.send(listDocument, { id: house.workspaceId });
    expect(JSON.stringify(list)).not.toContain(token);
    const [stored] = await house.database.prisma.$queryRaw<{ text: string }[]>`
      select string_agg(k::text, '') as text from api_keys k`;
    expect(stored?.text).not.toContain(token.slice(-20));
  });

  test('is made once for an idempotency key, which shows its token once', async () => {
    const same = { workspaceId: house.workspaceId, name: 'Once', idempotencyKey: crypto.randomUUID() };
    const ask = async (input: CreateApiKeyInput) => (await house.send(createDocument, { input })).data.createApiKey;
    const [first, again] = [await ask({ ...same, scopes: ['READ'] }), await ask({ ...same, scopes: ['READ'] })];
    expect(first).toMatchObject({ errors: [], token: expect.stringMatching(/^ofp_/), replayed: false });
    expect(again).toEqual({ ...first, token: null, replayed: true });
    expect(await ask({ ...same, scopes: ['WRITE'] })).toMatchObject({
      errors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }],
      token: null,
      apiKey: null,
    });
    expect(await house.database.prisma.apiKey.count({ where: { name: 'Once' } })).toBe(1);
  });

  test('is noted as used, but not with every request', async () => {
    const { token, id } = await make();
    const usedAt = async () => (await house.database.prisma.apiKey.findUniqueOrThrow(rowOf(id))).lastUsedAt;
    expect(await usedAt()).toBeNull();
    await isIn(token);
    const first = await usedAt();
    expect(first).not.toBeNull();
    await isIn(token);
    expect(await usedAt()).toEqual(first);
  });

  test('reads, and writes only with that scope', async () => {
    const variables = { ...nothingGiven, workspaceId: house.workspaceId, key: crypto.randomUUID() };
    const [reading, writing] = [await make(['READ']), await make(['WRITE'])];
    const refused = await house.send(mutations.createUpload, variables, reading.token);
    expect(refused.data.done?.errors).toMatchObject([
      { code: 'FORBIDDEN', message: 'This API key does not allow uploading.' },
    ]);
    const allowed = await house.send(mutations.createUpload, variables, writing.token);
    expect(allowed.data.done?.errors).toEqual([]);
    const webhook = await house.send(mutations.createWebhookEndpoint, variables, writing.token);
    expect(webhook.data.done?.errors).toMatchObject([{ code: 'FORBIDDEN' }]);
  });

  test('manages neither keys nor members, deletes no workspace and is no person', async () => {
    const { token } = await make(['READ', 'WRITE', 'MANAGE']);
    expect((await make(['READ'], token)).errors).toEqual(['FORBIDDEN']);
    const { data } = await house.send(listDocument, { id: house.workspaceId }, token);
    expect(data.workspace?.apiKeys).toEqual({ totalCount: 0, nodes: [] });
    const gone = await house.send(
      mutations.deleteWorkspace,
      { ...nothingGiven, workspaceId: house.workspaceId },
      token,
    );
    expect(gone.data.done?.errors).toMatchObject([{ code: 'FORBIDDEN' }]);
    const refused = { data: { viewer: null }, errors: [{ extensions: { code: 'FORBIDDEN' } }] };
    expect(await house.send(personDocument, {}, token)).toMatchObject(refused);
    expect(await house.send(exportsDocument, {}, token)).toMatchObject(refused);
  });

  test('has the lower of its maker’s roles then and now, and ends when they leave', async () => {
    const token = await house.keys.mint({ user: 'carl', workspace: 'analytical' });
    const made = await make(['READ', 'WRITE'], token);
    const roleOf = async () =>
      (await house.send(whoDocument, {}, made.token)).data.viewer?.workspaces.nodes[0]?.workspace.viewerRole;
    const where = { user: { externalId: 'user_carl' } };
    const { prisma } = house.database;
    await prisma.workspaceMembership.updateMany({ where, data: { role: 'OWNER' } });
    expect(await roleOf()).toBe('ADMIN');
    await prisma.workspaceMembership.updateMany({ where, data: { role: 'VIEWER' } });
    expect(await roleOf()).toBe('VIEWER');
    await prisma.workspaceMembership.deleteMany({ where });
    expect(await isIn(made.token)).toBe(false);
    expect(await prisma.apiKey.count(rowOf(made.id))).toBe(0);
  });

  test('of somebody whom no token has named a member for a day opens nothing until one does, unless messages come', async () => {
    const token = await house.keys.mint({ user: 'dora', workspace: 'analytical' });
    const made = await make(['READ'], token);
    const { prisma } = house.database;
    const where = { user: { externalId: 'user_dora' } };
    const lastNamed = (hoursAgo: number) =>
      prisma.workspaceMembership.updateMany({ where, data: { knownAt: new Date(Date.now() - hoursAgo * 3_600_000) } });
    await lastNamed(23);
    expect(await isIn(made.token)).toBe(true);
    await lastNamed(25);
    expect(await isIn(made.token)).toBe(false);
    const env = { CLERK_WEBHOOK_SIGNING_SECRET: 'whsec_' };
    expect(await keyholder({ database: house.database, env }, made.token)).not.toBeNull();
    expect(await isIn(token)).toBe(true);
    expect(await isIn(made.token)).toBe(true);
  });

  test('that was revoked, has run out or never was opens nothing', async () => {
    const [revoked, old] = [await make(), await make()];
    expect(await isIn(revoked.token)).toBe(true);
    for (let times = 0; times < 2; times++) {
      const { data } = await house.send(revokeDocument, { input: { keyId: revoked.id } });
      expect(data.revokeApiKey).toMatchObject({ errors: [], apiKey: { revokedAt: expect.any(String) } });
    }
    await house.database.prisma.apiKey.update({ ...rowOf(old.id), data: { expiresAt: new Date() } });
    const changed = `${old.token.slice(0, -1)}${old.token.endsWith('A') ? 'B' : 'A'}`;
    for (const token of [revoked.token, old.token, changed, newKeyToken().token, 'ofp_', `${old.token}x`]) {
      expect(await isIn(token)).toBe(false);
    }
  });

  test('opens a socket, too', async () => {
    const { token, id } = await make();
    await using socket = await openRawSocket(house.url, token);
    socket.send({ id: 'a', type: 'subscribe', payload: { query: '{ viewer { key { id } } }' } });
    expect(await socket.next('a')).toMatchObject({ payload: { data: { viewer: { key: { id } } } } });
    await using refused = await openRawSocket(house.url);
    refused.send({ type: 'connection_init', payload: { authorization: `Bearer ${newKeyToken().token}` } });
    expect(await refused.closed).toBe(4403);
  });
});

describe('making a key', () => {
  test('takes an admin, and to a stranger the workspace is not found', async () => {
    const editor = await house.keys.mint({ user: 'edith', workspace: 'analytical', role: 'editor' });
    const stranger = await house.keys.mint({ user: 'mallory', workspace: 'elsewhere' });
    const { id } = await make();
    expect([(await make(['READ'], editor)).errors, (await make(['READ'], stranger)).errors]).toEqual([
      ['FORBIDDEN'],
      ['NOT_FOUND'],
    ]);
    const revoke = async (token: string) =>
      (await house.send(revokeDocument, { input: { keyId: id } }, token)).data.revokeApiKey?.errors;
    expect([await revoke(editor), await revoke(stranger)]).toMatchObject([
      [{ code: 'FORBIDDEN' }],
      [{ code: 'NOT_FOUND' }],
    ]);
  });

  test('takes a name, scopes and a life of at most a year', async () => {
    expect((await make(['READ'], house.token, 366)).errors).toEqual(['INVALID_INPUT']);
    expect((await make(['READ'], house.token, 0)).errors).toEqual(['INVALID_INPUT']);
    expect((await make([])).errors).toEqual(['INVALID_INPUT']);
  });

  test('stops at twenty that are alive', async () => {
    const workspaceId = rowIdOf(house.workspaceId);
    const { prisma } = house.database;
    await prisma.apiKey.deleteMany({ where: { workspaceId } });
    const { id } = await make();
    const { id: _id, ...made } = await prisma.apiKey.findUniqueOrThrow(rowOf(id));
    const others = Array.from({ length: 18 }, () => newKeyToken());
    await prisma.apiKey.createMany({
      data: others.map(({ prefix, hash }) => ({ ...made, prefix, tokenHash: hash })),
    });
    const outcomes = await Promise.all([make(), make(), make()]);
    expect(outcomes.filter(({ errors }) => errors?.[0] === 'INVALID_STATE')).toHaveLength(2);
    const live = { workspaceId, revokedAt: null, expiresAt: { gt: new Date() } };
    expect(await prisma.apiKey.count({ where: live })).toBe(20);
  });
});
