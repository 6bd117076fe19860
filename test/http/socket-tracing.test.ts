import { once } from 'node:events';
import { createServer } from 'node:http';
import { GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { envFrom } from '#base/env.ts';
import { correlation, openLog } from '#base/log.ts';
import { openFeed } from '#feed/feed.ts';
import { uncounted } from '#graph/rate-limits.ts';
import { openDocuments } from '#http/documents.ts';
import { openEntrance } from '#http/entrance.ts';
import { openSocket } from '#http/socket.ts';
import { openTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { openRawSocket, type RawSocket } from '../support/socket.ts';
import { openEmbeddedServer, originOf } from '../support/storage.ts';

/** Steps of operations in the order in which they were taken, each with the id that its log lines would have. */
const steps: { readonly step: string; readonly id: string | undefined }[] = [];
const took = (step: string): number => steps.push({ step, id: correlation()?.correlationId });

/** Two, then none until somebody leaves. */
function words(): AsyncIterableIterator<object> {
  const left = Promise.withResolvers<IteratorResult<object>>();
  const some = [{}, {}].values();
  const items: AsyncIterableIterator<object> = {
    [Symbol.asyncIterator]: () => items,
    next: async () => {
      const { value } = some.next();
      return value ? { value } : left.promise;
    },
    return: () => {
      took('left');
      left.resolve({ done: true, value: undefined });
      return left.promise;
    },
  };
  return items;
}

const answer = { type: GraphQLString, resolve: () => `${took('answered')}` };
const word = { type: GraphQLString, subscribe: words, resolve: () => `${took('event')}` };
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: 'Query', fields: { answer } }),
  subscription: new GraphQLObjectType({ name: 'Subscription', fields: { word } }),
});

const server = createServer();
const cleanup = new AsyncDisposableStack();

beforeAll(async () => {
  const [env, log] = [envFrom(), openLog('silent')];
  const database = cleanup.use(await openTestDatabase());
  const feed = cleanup.use(await openFeed(database.url, log));
  const { storage } = cleanup.use(await openEmbeddedServer());
  const read = openDocuments(schema, { introspection: false, trusted: null });
  const session = { userId: 'ada', sessionId: 'ada', expiresAt: new Date(Date.now() + 600_000) };
  const viewer = { userId: 'ada', roles: new Map(), admin: false, key: null };
  const door = { enter: async () => (took('arrived') ? { viewer, session } : null) };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = openSocket(server, {
    schema,
    api: { env, log, database, storage, wake: () => {}, feed, rates: uncounted },
    documents: (operation) => (took('read') ? read(operation) : []),
    entrance: openEntrance(door, uncounted),
  });
  cleanup.defer(async () => {
    await socket[Symbol.asyncDispose]();
    server.close();
  });
});
afterAll(() => cleanup.disposeAsync());

/** What one operation's steps are, of all that were taken since. */
async function stepsOf(operate: (socket: RawSocket) => Promise<void>) {
  await using socket = await openRawSocket(originOf(server), 'token');
  steps.length = 0;
  await operate(socket);
  return { names: steps.map(({ step }) => step), ids: new Set(steps.map(({ id }) => id)) };
}

const ask = (id: string, query: string) => ({ id, type: 'subscribe', payload: { query } });

test('an operation on a socket has one id, from the arrival of its message to its answer', async () => {
  const { names, ids } = await stepsOf(async (socket) => {
    socket.send(ask('a', '{ answer }'));
    expect(await socket.next('a')).toMatchObject({ type: 'next' });
  });
  expect(names).toEqual(['arrived', 'read', 'answered']);
  expect([...ids]).toEqual([expect.stringMatching(/^[\w-]{36}$/)]);
});

test('a subscription keeps its id for every event, and until somebody leaves it', async () => {
  const { names, ids } = await stepsOf(async (socket) => {
    socket.send(ask('s', 'subscription { word }'));
    expect([(await socket.next('s')).type, (await socket.next('s')).type]).toEqual(['next', 'next']);
    socket.send({ id: 's', type: 'complete' });
    await eventually(() => expect(steps.map(({ step }) => step)).toContain('left'));
  });
  expect(names).toEqual(['arrived', 'read', 'event', 'event', 'left']);
  expect(ids.size).toBe(1);
});

test('two operations of one socket have an id each, and a fault tells the id of its own', async () => {
  const told: unknown[] = [];
  const { ids } = await stepsOf(async (socket) => {
    socket.send(ask('a', '{ answer }'));
    await socket.next('a');
    socket.send(ask('b', '{ nothing }'));
    const { payload } = await socket.next('b');
    told.push(payload);
  });
  expect(ids.size).toBe(2);
  expect(told).toMatchObject([[{ extensions: { correlationId: [...ids][1] } }]]);
});
