import { type ExecutionResult, execute as graphqlExecute, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Database } from '#base/database.ts';
import { envFrom } from '#base/env.ts';
import { globalId } from '#base/global-id.ts';
import { openLog } from '#base/log.ts';
import { type Feed, openFeed } from '#feed/feed.ts';
import type { Api, Context } from '#graph/context.ts';
import { uncounted } from '#graph/rate-limits.ts';
import { execute } from '#http/execution.ts';
import { schema } from '#schema.ts';
import { openTestDatabase } from '../../support/database.ts';
import { seedDerived, seedTenant, seedUpload, seedWebhook, type Tenant } from '../../support/seed.ts';
import { openEmbeddedServer } from '../../support/storage.ts';
import { watchStatements } from '../../support/watch-statements.ts';

let database: Database;
let feed: Feed;
let storage: Awaited<ReturnType<typeof openEmbeddedServer>>;
let api: Api;
let tenants: { readonly one: Tenant; readonly two: Tenant };
let sent: () => number;

beforeAll(async () => {
  database = await openTestDatabase();
  const log = openLog('silent');
  feed = await openFeed(database.url, log);
  storage = await openEmbeddedServer();
  api = { env: envFrom({}), log, database, storage: storage.storage, wake: () => {}, feed, rates: uncounted };
  tenants = { one: await seedTenant(database, 'one'), two: await seedTenant(database, 'two') };
  for (const tenant of Object.values(tenants)) {
    await seedWebhook(database, tenant);
    const uploadId = await seedUpload(database, tenant);
    await seedDerived(database, tenant, { uploadId, clips: 3 });
  }
  const query = watchStatements(database);
  sent = () => query.mock.calls.splice(0).length;
});
afterAll(async () => {
  await feed[Symbol.asyncDispose]();
  await storage[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const everything = parse(`query ($id: ID!, $first: Int, $all: Boolean = true) {
  workspace(by: { id: $id }) {
    name
    webhookEndpoints { nodes { id url } }
    uploads {
      nodes {
        id title
        ...Clips @include(if: $all)
      }
    }
  }
  node(id: $id) { __typename id ... on Workspace { name members { nodes { role user { displayName } } } } }
}
fragment Clips on Upload { clips(first: $first) { totalCount nodes { id title } } }`);

type Role = 'OWNER' | 'VIEWER' | null;

function contextOf(tenant: Tenant, role: Role): Context {
  const roles = new Map(role ? [[tenant.workspaceId, role] as const] : []);
  return { api, viewer: { userId: tenant.userId, roles, admin: false, key: null } };
}

interface Asked {
  readonly tenant: Tenant;
  readonly role?: Role;
  readonly variables?: Readonly<Record<string, unknown>>;
}

const told = ({ data, errors = [] }: ExecutionResult) => ({
  data: z.json().parse(JSON.parse(JSON.stringify(data ?? null))),
  errors: errors.map((error) => JSON.stringify(error)).toSorted(),
});

/** Our answer by the one document that all ask by, and graphql's by a document that it has never seen. */
async function both({ tenant, role = 'OWNER', variables = {} }: Asked) {
  const variableValues = { id: globalId('Workspace', tenant.workspaceId), ...variables };
  const args = () => ({ schema, variableValues, contextValue: contextOf(tenant, role) });
  const ours = told(await execute({ ...args(), document: everything }));
  const theirs = told(await graphqlExecute({ ...args(), document: parse(everything.loc?.source.body ?? '') }));
  return { ours, theirs };
}

describe('a document that is asked by again', () => {
  test.each([
    ['its first caller', () => ({ tenant: tenants.one })],
    ['the same again', () => ({ tenant: tenants.one })],
    ['somebody of another workspace', () => ({ tenant: tenants.two })],
    ['a viewer, who may see less of it', () => ({ tenant: tenants.one, role: 'VIEWER' as const })],
    ['a stranger', () => ({ tenant: tenants.one, role: null })],
    ['an owner behind a viewer', () => ({ tenant: tenants.two })],
    ['less of a list', () => ({ tenant: tenants.one, variables: { first: 1 } })],
    ['more of it', () => ({ tenant: tenants.one, variables: { first: 2 } })],
    ['a part left out', () => ({ tenant: tenants.two, variables: { all: false } })],
    ['the whole once more', () => ({ tenant: tenants.two, variables: { first: 2, all: true } })],
  ])('answers %s as graphql does', async (_who, asked) => {
    const { ours, theirs } = await both(asked());
    expect(ours).toEqual(theirs);
  });

  test('takes no statement more for it', async () => {
    const document = parse(
      `query ($id: ID!) { node(id: $id) { ... on Workspace { name uploads { nodes { title } } } } }`,
    );
    const times = [];
    for (const tenant of [tenants.one, tenants.two, tenants.one]) {
      sent();
      const variableValues = { id: globalId('Workspace', tenant.workspaceId) };
      const { data, errors } = await execute({
        schema,
        document,
        variableValues,
        contextValue: contextOf(tenant, 'OWNER'),
      });
      expect([errors, data?.node]).toMatchObject([undefined, { uploads: { nodes: [{ title: 'Talk' }] } }]);
      times.push(sent());
    }
    expect(times).toEqual([1, 1, 1]);
  });
});

test('a page of nodes alone has the nodes that a page with edges has', async () => {
  await seedDerived(database, tenants.one, { uploadId: await seedUpload(database, tenants.one), clips: 5 });
  const pages = ['first: 0', 'first: 2', 'first: 3', 'first: 4', 'last: 2', 'last: 9', 'first: 100'];
  const both = pages.map(
    (page, at) =>
      `alone${at}: clips(${page}) { nodes { id } } whole${at}: clips(${page}) { edges { cursor } nodes { id } }`,
  );
  const document = parse(`query ($id: ID!) { workspace(by: { id: $id }) { uploads { nodes { ${both.join(' ')} } } } }`);
  for (const _time of ['first', 'second']) {
    const variableValues = { id: globalId('Workspace', tenants.one.workspaceId) };
    const { data } = told(
      await execute({ schema, document, variableValues, contextValue: contextOf(tenants.one, 'OWNER') }),
    );
    const uploads = shownUploads.parse(data).workspace.uploads.nodes;
    expect(uploads.map((upload) => upload.alone3?.nodes.length)).toEqual(expect.arrayContaining([3, 4]));
    for (const upload of uploads) {
      for (const at of pages.keys()) expect(upload[`alone${at}`]?.nodes).toEqual(upload[`whole${at}`]?.nodes);
    }
  }
});

const shownUploads = z.object({
  workspace: z.object({
    uploads: z.object({
      nodes: z.array(z.record(z.string(), z.object({ nodes: z.array(z.object({ id: z.string() })) }))),
    }),
  }),
});
