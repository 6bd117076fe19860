import { parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Database } from '#base/database.ts';
import { envFrom } from '#base/env.ts';
import { globalId } from '#base/global-id.ts';
import { openLog } from '#base/log.ts';
import { type Feed, openFeed } from '#feed/feed.ts';
import type { Context } from '#graph/context.ts';
import { uncounted } from '#graph/rate-limits.ts';
import { execute } from '#http/execution.ts';
import { schema } from '#schema.ts';
import { openTestDatabase } from '../support/database.ts';
import { seedDerived, seedRun, seedTenant, seedUpload, type Tenant } from '../support/seed.ts';
import { openEmbeddedServer } from '../support/storage.ts';
import { watchStatements } from '../support/watch-statements.ts';

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

const uploadPage = `query ($id: ID!) {
  node(id: $id) {
    ... on Upload {
      id title fileName status createdAt
      media { durationMs video { width height } }
      file { contentType sizeBytes sha256 }
      createdBy { displayName }
      transcript { id language wordCount revision segments(first: 10) { nodes { startMs endMs text } } }
      highlights(first: 10) { nodes { id title summary quote range { startMs endMs } } }
      clips(first: 20) {
        totalCount
        nodes { id title origin range { startMs endMs } renditions { id preset status file { contentType sizeBytes } } }
      }
      contents { nodes { id kind language status current { id number createdAt } } }
      activeRun { id status progress }
    }
  }
}`;

const runPage = `query ($id: ID!) {
  node(id: $id) {
    ... on Run {
      id status isFinal progress createdAt startedAt finishedAt eventCursor
      failure { code message }
      createdBy { displayName }
      upload { id title media { durationMs } }
      stageRuns { id stage subject status progress attempt maxAttempts startedAt finishedAt failure { code message } }
    }
  }
}`;

let database: Database;
let feed: Feed;
let storage: Awaited<ReturnType<typeof openEmbeddedServer>>;
let sent: () => string[];
const textOf = z.object({ text: z.string() });
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
  const query = watchStatements(database);
  sent = () => query.mock.calls.splice(0).map(([asked]) => textOf.parse(asked).text);
});
afterAll(async () => {
  await feed[Symbol.asyncDispose]();
  await storage[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

function contextOf({ userId, workspaceId }: Tenant): Context {
  const log = openLog('silent');
  const parts = { database, storage: storage.storage, wake: () => {}, feed, rates: uncounted };
  return {
    viewer: { userId, roles: new Map([[workspaceId, 'OWNER']]), admin: false, key: null },
    api: { env: envFrom({}), log, ...parts },
  };
}

/** What an operation answers, and the statements it took. */
async function ask(source: string, tenant: Tenant) {
  const variableValues = { id: globalId('Workspace', tenant.workspaceId) };
  return asked(source, tenant, variableValues);
}

/** The same with variables of one's own. */
async function asked(source: string, tenant: Tenant, variableValues: Readonly<Record<string, unknown>>) {
  sent();
  const contextValue = contextOf(tenant);
  const { data, errors } = await execute({ schema, document: parse(source), variableValues, contextValue });
  expect(errors).toBeUndefined();
  return { data, sent: sent() };
}

function tenantWith(count: number): Tenant {
  const tenant = tenants.get(count);
  if (!tenant) throw new Error(`nobody has ${count} uploads`);
  return tenant;
}

/** The tables a statement reads, in the order it names them. */
const tablesOf = (statement: string): string =>
  [...new Set([...statement.matchAll(/(?:from|join) "(\w+)"/gi)].map(([, table]) => table))].join(' ');

describe('the dashboard', () => {
  test('takes the same few statements for one upload, five or twenty', async () => {
    const lists = [];
    for (const count of [1, 5, 20]) lists.push((await ask(dashboard, tenantWith(count))).sent.map(tablesOf));
    expect(lists[1]).toEqual(lists[0]);
    expect(lists[2]).toEqual(lists[0]);
    expect(lists[0]).toMatchInlineSnapshot(`
      [
        "uploads workspaces clips artifacts transcripts runs renditions stage_runs contents content_versions",
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

describe('the pages of an upload and of a run', () => {
  test('take one statement each, that reads no large column', async () => {
    const tenant = tenantWith(1);
    const { id: uploadId } = await database.prisma.upload.findFirstOrThrow({
      where: { workspaceId: tenant.workspaceId },
      select: { id: true },
    });
    const runId = await seedRun(database, tenant, uploadId);
    const pages = [
      await asked(uploadPage, tenant, { id: globalId('Upload', uploadId) }),
      await asked(runPage, tenant, { id: globalId('Run', runId) }),
    ];
    expect(pages.map(({ sent }) => sent.map(tablesOf))).toMatchInlineSnapshot(`
      [
        [
          "clips uploads artifacts users transcripts transcript_segments highlights renditions stage_runs contents content_versions runs",
        ],
        [
          "runs users uploads artifacts stage_runs",
        ],
      ]
    `);
    expect(pages.map(({ data }) => data?.node)).toMatchObject([
      { transcript: { segments: { nodes: [{ text: 'Hello there.' }] } }, activeRun: { status: 'QUEUED' } },
      { stageRuns: [{ stage: 'INGEST' }], upload: { title: 'Talk' } },
    ]);
    for (const column of ['words', 'sentences', 'body', 'recipe', 'signals', 'cuts', 'log_excerpt']) {
      expect(pages.flatMap(({ sent }) => sent).join()).not.toContain(`"${column}"`);
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

test('a search takes the same few statements for one match or twenty', async () => {
  const search = `query ($id: ID!) {
    workspace(by: { id: $id }) {
      transcriptMatches(query: "hello") { nodes { match segment { text } transcript { language upload { title } } } }
    }
  }`;
  const one = await ask(search, tenantWith(1));
  const twenty = await ask(search, tenantWith(20));
  expect(JSON.stringify(twenty.data).match(/"match":"Hello"/g)).toHaveLength(20);
  expect(twenty.sent.map(tablesOf)).toEqual(one.sent.map(tablesOf));
  expect(one.sent.map(tablesOf)).toMatchInlineSnapshot(`
    [
      "workspaces",
      "",
      "transcript_segments",
      "transcripts uploads",
    ]
  `);
});
