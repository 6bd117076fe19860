import { graphql as execute } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '#base/database.ts';
import { envFrom } from '#base/env.ts';
import { globalId } from '#base/global-id.ts';
import { openLog } from '#base/log.ts';
import { type Feed, openFeed } from '#feed/feed.ts';
import type { Context } from '#graph/context.ts';
import { schema } from '#schema.ts';
import { openTestDatabase } from '../support/database.ts';
import { seedDerived, seedTenant, seedUpload, type Tenant } from '../support/seed.ts';
import { openEmbeddedServer } from '../support/storage.ts';

const dashboard = `query ($id: ID!) {
  workspace(by: { id: $id }) {
    uploads(first: 20) {
      totalCount
      nodes {
        id title status media { durationMs }
        transcript { id language wordCount }
        activeRun { id }
        clips(first: 5) {
          totalCount
          nodes { id title range { durationMs } poster { sha256 } renditions { id preset status file { sizeBytes } } }
        }
        contents { nodes { id kind status current { id number } } }
      }
    }
  }
}`;

let database: Database;
let feed: Feed;
let storage: Awaited<ReturnType<typeof openEmbeddedServer>>;
const statements: string[] = [];
const tenants = new Map<number, Tenant>();

beforeAll(async () => {
  database = await openTestDatabase();
  feed = await openFeed(database.url, openLog('silent'));
  storage = await openEmbeddedServer();
  for (const count of [1, 5, 20]) {
    const tenant = await seedTenant(database, `with-${count}`);
    tenants.set(count, tenant);
    for (let at = 0; at < count; at++) {
      const uploadId = await seedUpload(database, tenant);
      await seedDerived(database, tenant, { uploadId, clips: 7 });
    }
  }
  database.prisma.$on('query', ({ query }) => statements.push(query));
});
afterAll(async () => {
  await feed[Symbol.asyncDispose]();
  await storage[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

function contextOf({ userId, workspaceId }: Tenant): Context {
  return {
    viewer: { userId, roles: new Map([[workspaceId, 'OWNER']]), admin: false, key: null },
    api: { env: envFrom({}), log: openLog('silent'), database, storage: storage.storage, wake: () => {}, feed },
  };
}

/** What an operation answers, and the statements it took. */
async function ask(source: string, tenant: Tenant) {
  statements.splice(0);
  const variableValues = { id: globalId('Workspace', tenant.workspaceId) };
  const { data, errors } = await execute({ schema, source, variableValues, contextValue: contextOf(tenant) });
  expect(errors).toBeUndefined();
  return { data, sent: [...statements] };
}

function tenantWith(count: number): Tenant {
  const tenant = tenants.get(count);
  if (!tenant) throw new Error(`nobody has ${count} uploads`);
  return tenant;
}

/** The tables a statement reads, in the order it names them. */
const tablesOf = (statement: string): string =>
  [...new Set([...statement.matchAll(/(?:FROM|JOIN) "public"\."(\w+)"/gi)].map(([, table]) => table))].join(' ');

describe('the dashboard', () => {
  test('takes the same few statements for one upload, five or twenty', async () => {
    const lists = [];
    for (const count of [1, 5, 20]) lists.push((await ask(dashboard, tenantWith(count))).sent.map(tablesOf));
    expect(lists[1]).toEqual(lists[0]);
    expect(lists[2]).toEqual(lists[0]);
    expect(lists[0]).toMatchInlineSnapshot(`
      [
        "workspaces uploads artifacts transcripts runs clips renditions stage_runs contents content_versions",
      ]
    `);
  });

  test('answers all of it', async () => {
    const { data } = await ask(dashboard, tenantWith(20));
    expect(data).toMatchObject({
      workspace: {
        uploads: {
          totalCount: 20,
          nodes: Array.from({ length: 20 }, () => ({
            transcript: { language: 'en' },
            clips: {
              totalCount: 7,
              nodes: Array.from({ length: 5 }, () => ({ renditions: [{ status: 'SUCCEEDED' }] })),
            },
            contents: { nodes: [{ kind: 'LINKEDIN', current: { number: 1 } }] },
          })),
        },
      },
    });
  });

  test('reads no large column that it does not show', async () => {
    const { sent } = await ask(dashboard, tenantWith(5));
    for (const column of ['words', 'sentences', 'body', 'text', 'recipe', 'signals', 'cuts', 'data']) {
      expect(sent.filter((statement) => statement.includes(`"${column}"`))).toEqual([]);
    }
  });
});

describe('costs', () => {
  const costs = `query ($id: ID!) {
    workspace(by: { id: $id }) {
      uploads {
        nodes {
          transcript { cost { amountMicros } }
          clips { nodes { renditions { cost { amountMicros } file { cost { amountMicros } } } } }
          contents { nodes { cost { amountMicros } } }
        }
      }
    }
  }`;

  test('are summed in one statement for each kind of thing, however many there are', async () => {
    const summing = (sent: readonly string[]) => sent.filter((line) => line.includes('from usage_entries'));
    expect(summing((await ask(costs, tenantWith(1))).sent)).toHaveLength(4);
    expect(summing((await ask(costs, tenantWith(20))).sent)).toHaveLength(4);
  });
});

describe('large columns', () => {
  const segments = (fields: string) => `query ($id: ID!) {
    workspace(by: { id: $id }) {
      uploads { nodes { transcript { segments { nodes { text ${fields} } } } } }
    }
  }`;
  const posts = (fields: string) => `query ($id: ID!) {
    workspace(by: { id: $id }) { uploads { nodes { contents { nodes { current { number ${fields} } } } } } }
  }`;
  const withColumn = (sent: readonly string[], column: string) => sent.filter((line) => line.includes(`"${column}"`));

  test('words are read only when they are asked for, and then in one statement for all segments', async () => {
    expect(withColumn((await ask(segments(''), tenantWith(20))).sent, 'words')).toEqual([]);
    const { sent, data } = await ask(segments('words { text }'), tenantWith(20));
    expect(withColumn(sent, 'words')).toHaveLength(1);
    expect(JSON.stringify(data).match(/"text":"there\."/g)).toHaveLength(20);
  });

  test('what supports a post is read only when it is asked for, and then in one statement', async () => {
    expect(withColumn((await ask(posts(''), tenantWith(20))).sent, 'sentences')).toEqual([]);
    const { sent } = await ask(posts('sentences { text }'), tenantWith(20));
    expect(withColumn(sent, 'sentences')).toHaveLength(1);
  });

  test('nothing is counted that nobody asked to count', async () => {
    const list = '{ uploads { nodes { id clips { nodes { id } } } } }';
    const counting = '{ uploads { totalCount nodes { id clips { nodes { id } } } } }';
    const ofWorkspace = (fields: string) => `query ($id: ID!) { workspace(by: { id: $id }) ${fields} }`;
    const counted = (sent: readonly string[]) => sent.filter((line) => /count\(/i.test(line));
    expect(counted((await ask(ofWorkspace(list), tenantWith(5))).sent)).toEqual([]);
    expect(counted((await ask(ofWorkspace(counting), tenantWith(5))).sent)).toHaveLength(1);
  });
});
