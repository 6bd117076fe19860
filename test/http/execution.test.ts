import * as fc from 'fast-check';
import { type ExecutionResult, execute as graphqlExecute, parse, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '#base/database.ts';
import { envFrom } from '#base/env.ts';
import { globalId } from '#base/global-id.ts';
import { openLog } from '#base/log.ts';
import { type Feed, openFeed } from '#feed/feed.ts';
import type { Api, Context } from '#graph/context.ts';
import { openRateLimits } from '#graph/rate-limits.ts';
import { execute } from '#http/execution.ts';
import { schema } from '#schema.ts';
import { openTestDatabase } from '../support/database.ts';
import { documents, type Ground } from '../support/random-documents.ts';
import { seedDerived, seedRun, seedTenant, seedUpload, seedWebhook, type Tenant } from '../support/seed.ts';
import { openEmbeddedServer } from '../support/storage.ts';

let api: Api;
let database: Database;
let feed: Feed;
let storage: Awaited<ReturnType<typeof openEmbeddedServer>>;
let own: Tenant;
let ground: Ground;
const ids: string[] = [];

beforeAll(async () => {
  database = await openTestDatabase();
  feed = await openFeed(database.url, openLog('silent'));
  storage = await openEmbeddedServer();
  const [env, log] = [envFrom({ RATE_LIMITS: 'off' }), openLog('silent')];
  const rates = openRateLimits(env, database.url, log);
  api = { env, log, database, storage: storage.storage, wake: () => {}, feed, rates };
  own = await seedTenant(database, 'own');
  for (const tenant of [own, await seedTenant(database, 'foreign')]) {
    ids.push(globalId('Workspace', tenant.workspaceId));
    await seedWebhook(database, tenant);
    for (const clips of [0, 3]) {
      const uploadId = await seedUpload(database, tenant);
      const derived = await seedDerived(database, tenant, { uploadId, clips });
      const runId = await seedRun(database, tenant, uploadId);
      ids.push(globalId('Upload', uploadId), globalId('Run', runId));
      const { Artifact: _artifact, ...nodes } = derived;
      for (const [type, id] of Object.entries(nodes)) if (id) ids.push(globalId(type, id));
    }
  }
  ground = {
    schema,
    // Links are signed for the second they are asked for in, and what is left of a window goes down.
    without: ['link', 'target', 'rateLimit', 'planRun'],
    values: {
      id: ids.map((id) => `"${id}"`),
      ids: [`["${ids.join('", "')}"]`],
      first: ['0', '1', '2', '50'],
      WorkspaceByInput: ['{ slug: "own" }', '{ slug: "foreign" }', `{ id: "${ids[0]}" }`],
      TimeRangeInput: ['{ startMs: 0, endMs: 600000 }', '{ startMs: 0, endMs: 9000000 }'],
      Int: ['1'],
      Float: ['0.5'],
      Boolean: ['true'],
      ID: ids.map((id) => `"${id}"`),
      LanguageTag: ['"en"'],
      DateTime: ['"2020-01-01T00:00:00Z"'],
      Milliseconds: ['5'],
    },
  };
});
afterAll(async () => {
  await feed[Symbol.asyncDispose]();
  await storage[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const contextOf = (viewer: Context['viewer']): Context => ({ viewer, api });

const owner = (): Context =>
  contextOf({ userId: own.userId, roles: new Map([[own.workspaceId, 'OWNER']]), admin: false, key: null });

/** An answer with its errors in an order that does not depend on what was ready first. */
function settled({ data, errors = [] }: ExecutionResult) {
  const told = errors.map((error) => JSON.stringify(error.toJSON())).toSorted();
  return { data: JSON.parse(JSON.stringify(data ?? null)), told };
}

async function both(source: string, context: () => Context, variableValues: Record<string, unknown> = {}) {
  const document = parse(source);
  expect(validate(schema, document)).toEqual([]);
  const args = () => ({ schema, document, variableValues, contextValue: context() });
  const first = settled(await execute(args()));
  // The second time by what is known of the document then.
  const own = settled(await execute(args()));
  expect(own).toEqual(first);
  return { own, theirs: settled(await graphqlExecute(args())) };
}

/** Values of the conditions of a random document: left to their defaults, mostly given, and now and then null. */
const condition = fc.constantFrom(true, false, true, false, null);
const conditions = fc.record({ on: condition, off: condition }, { requiredKeys: [] });

describe('a query', () => {
  test('is answered as graphql answers it, whatever it asks for', async () => {
    await fc.assert(
      fc.asyncProperty(documents(ground), conditions, async (source, values) => {
        const { own, theirs } = await both(source, owner, values);
        expect(own).toEqual(theirs);
      }),
      { numRuns: 30 },
    );
  });

  test('of nobody, or of somebody else, is answered as graphql answers it', async () => {
    const stranger = () => contextOf({ userId: crypto.randomUUID(), roles: new Map(), admin: false, key: null });
    await fc.assert(
      fc.asyncProperty(
        documents(ground),
        fc.constantFrom(stranger, () => contextOf(null)),
        async (source, context) => {
          const { own, theirs } = await both(source, context, {});
          expect(own).toEqual(theirs);
        },
      ),
      { numRuns: 10 },
    );
  });

  test('with one list asked for twice in different ways shows both', async () => {
    const source = `query ($id: ID!, $two: Int) {
      workspace(by: { id: $id }) {
        uploads { nodes {
          one: clips(first: 1) { nodes { title } }
          two: clips(first: $two) { totalCount nodes { title renditions { preset file { sha256 } } } edges { cursor } }
          activeRun { id }
          runs(first: 1) { nodes { id status upload { title } } pageInfo { hasNextPage endCursor } }
        } }
      }
    }`;
    const { own, theirs } = await both(source, owner, { id: ids[0], two: 2 });
    expect(own).toEqual(theirs);
    const [newest] = own.data.workspace.uploads.nodes;
    expect([newest.one.nodes.length, newest.two.nodes.length, newest.two.totalCount]).toEqual([1, 2, 3]);
  });

  test('that fails below says where, and leaves its siblings', async () => {
    const source = `query ($id: ID!) {
      node(id: $id) { ... on Transcript { language words(range: { startMs: 0, endMs: 9000000 }) { text } } }
      viewer { user { displayName } }
    }`;
    const transcript = ids.find((id) => Buffer.from(id, 'base64url').toString().startsWith('Transcript:'));
    const { own, theirs } = await both(source, owner, { id: transcript });
    expect(own).toEqual(theirs);
    expect(own.data).toMatchObject({ node: null, viewer: { user: { displayName: 'own' } } });
    expect(own.told.join()).toContain('at most ten minutes');
  });

  test.each(['@skip(if: $on)', '@include(if: $on)'])(
    'with null for a condition, %s, is answered as graphql answers it',
    async (condition) => {
      const sources = [
        `query ($on: Boolean = true) { viewer ${condition} { admin } }`,
        `query ($on: Boolean = true) { viewer { user { id ${condition} } admin } __typename }`,
        `query ($on: Boolean = true) { viewer { ... ${condition} { user { ...Named } } } } fragment Named on User { displayName }`,
        `query ($on: Boolean = true) { ...All ${condition} } fragment All on Query { viewer { admin } }`,
      ];
      for (const source of sources) {
        for (const given of [{ on: null }, { on: false }, { on: true }, {}]) {
          const { own, theirs } = await both(source, owner, given);
          expect(own).toEqual(theirs);
        }
      }
      const { own } = await both(sources[0] ?? '', owner, { on: null });
      expect(own).toEqual({ data: null, told: [expect.stringContaining('not to be null')] });
    },
  );

  test('that fails in more places than are worth telling says how many more there were', async () => {
    const source = `query ($ids: [ID!]!) {
      nodes(ids: $ids) { ... on Transcript { words(range: { startMs: 0, endMs: 9000000 }) { text } } }
    }`;
    const transcript = ids.find((id) => Buffer.from(id, 'base64url').toString().startsWith('Transcript:'));
    const variableValues = { ids: Array.from({ length: 50 }, () => transcript) };
    const { data, errors = [] } = await execute({
      schema,
      document: parse(source),
      variableValues,
      contextValue: owner(),
    });
    expect(data).toMatchObject({ nodes: Array(50).fill(null) });
    expect(errors).toHaveLength(20);
    expect(errors[18]?.path).toEqual(['nodes', 18, 'words']);
    expect(errors[19]).toMatchObject({
      message: '31 more errors are not listed.',
      extensions: { code: 'ERRORS_NOT_LISTED' },
    });
  });

  test('with variables that do not fit is refused', async () => {
    const { own, theirs } = await both('query ($id: ID!) { node(id: $id) { id } }', owner, {});
    expect(own).toEqual(theirs);
    expect([own.data, own.told.length]).toEqual([null, 1]);
  });
});

test('an operation that is aborted ends with the reason', async () => {
  const document = parse('query ($id: ID!) { node(id: $id) { id } }');
  const stop = new AbortController();
  const args = { schema, document, variableValues: { id: ids[0] }, contextValue: owner(), abortSignal: stop.signal };
  const running = Promise.resolve(execute(args));
  stop.abort(new Error('enough'));
  await expect(running).rejects.toMatchObject({ cause: { message: 'enough' } });
});
