import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openDrivenRun } from '../support/driven-run.ts';
import { eventually } from '../support/eventually.ts';
import { type House, openHouse } from '../support/house.ts';
import { type Tenant, tenantOf } from '../support/seed.ts';
import { type Message, openRawSocket } from '../support/socket.ts';

let house: House;
let tenant: Tenant;

beforeAll(async () => {
  house = await openHouse({ worker: false });
  tenant = await tenantOf(house.database, 'analytical');
});
afterAll(() => house[Symbol.asyncDispose]());

const query = 'subscription ($runId: ID!) { runEvents(runId: $runId) { sequence __typename } }';
const follow = (id: string, runId: string) => ({ id, type: 'subscribe', payload: { query, variables: { runId } } });
const ask = (id: string, text: string) => ({ id, type: 'subscribe', payload: { query: text } });
const event = z.object({ data: z.object({ runEvents: z.object({ sequence: z.number() }) }) });
const sequenceIn = ({ payload }: Message) => event.parse(payload).data.runEvents.sequence;
/** Errors stand alone where nothing ran, else in a result. */
const errors = z.union([z.array(z.unknown()), z.object({ errors: z.array(z.unknown()) }).transform((it) => it.errors)]);

describe('a socket', () => {
  test.each([
    ['no token', {}],
    ['a token that is none', { authorization: 'Bearer nonsense' }],
    ['a token of the wrong shape', { authorization: 7 }],
    ['a token without its scheme', { authorization: 'eyJ' }],
  ])('with %s is closed with 4403', async (_what, payload) => {
    await using socket = await openRawSocket(house.url);
    socket.send({ type: 'connection_init', payload });
    expect(await socket.closed).toBe(4403);
  });

  test('whose token has run out already is closed with 4403', async () => {
    const token = await house.keys.mint({ user: 'ada', workspace: 'analytical', ttlSeconds: -60 });
    await using socket = await openRawSocket(house.url);
    socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    expect(await socket.closed).toBe(4403);
  });

  test('is closed with 4403 in the moment its token runs out, and its subscriptions end', async () => {
    await using run = await openDrivenRun(house.database, tenant);
    const token = await house.keys.mint({ user: 'ada', workspace: 'analytical', ttlSeconds: 2 });
    await using socket = await openRawSocket(house.url, token);
    socket.send(follow('a', run.globalId));
    expect(sequenceIn(await socket.next('a'))).toBe(2);
    expect(await socket.closed).toBe(4403);
    await eventually(() => expect(house.server.feed.size).toBe(0));
  });

  test('that sends before it is acknowledged is closed', async () => {
    await using socket = await openRawSocket(house.url);
    socket.send(ask('a', '{ __typename }'));
    expect(await socket.closed).toBe(4401);
  });

  test('answers queries and mutations with the same errors as HTTP', async () => {
    await using socket = await openRawSocket(house.url, house.token);
    socket.send(ask('q', '{ viewer { user { displayName } } }'));
    expect(await socket.next('q')).toMatchObject({ payload: { data: { viewer: { user: { displayName: 'ada' } } } } });
    socket.send(ask('m', 'mutation { cancelRun(input: { runId: "x" }) { run { id } errors { code } } }'));
    expect(await socket.next('m')).toMatchObject({
      payload: { data: { cancelRun: { run: null, errors: [{ code: 'NOT_FOUND' }] } } },
    });
    socket.send(ask('n', `{ nodes(ids: [${'"x" '.repeat(101)}]) { id } }`));
    expect(await socket.next('n')).toMatchObject({
      payload: { errors: [{ extensions: { code: 'BAD_USER_INPUT', correlationId: expect.any(String) } }] },
    });
  });
});

describe('a fault in one operation of a socket', () => {
  test.each([
    ['a syntax error', 'subscription { runEvents(', 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', 'subscription { nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['a missing variable', query, 'BAD_USER_INPUT'],
    ['a document of nothing', ' ', 'GRAPHQL_PARSE_FAILED'],
    ['a run that is not there', 'subscription { runEvents(runId: "x") { sequence } }', 'NOT_FOUND'],
  ])('(%s) ends that one and leaves the others', async (...[, text, code]) => {
    await using run = await openDrivenRun(house.database, tenant);
    await using socket = await openRawSocket(house.url, house.token);
    socket.send(follow('kept', run.globalId));
    expect(sequenceIn(await socket.next('kept'))).toBe(2);
    socket.send(ask('bad', text));
    const { payload } = await socket.next('bad');
    expect(errors.parse(payload)).toMatchObject([{ extensions: { code, correlationId: expect.any(String) } }]);
    await run.begin();
    expect(sequenceIn(await socket.next('kept'))).toBe(3);
  });
});

describe('nobody is left following', () => {
  test('after a client completes its subscription', async () => {
    await using run = await openDrivenRun(house.database, tenant);
    await using socket = await openRawSocket(house.url, house.token);
    socket.send(follow('a', run.globalId));
    await socket.next('a');
    expect(house.server.feed.size).toBe(1);
    socket.send({ id: 'a', type: 'complete' });
    await eventually(() => expect(house.server.feed.size).toBe(0));
  });

  test('after a client vanishes with ten subscriptions open', async () => {
    await using run = await openDrivenRun(house.database, tenant);
    {
      await using socket = await openRawSocket(house.url, house.token);
      for (let at = 0; at < 10; at++) socket.send(follow(`${at}`, run.globalId));
      await socket.next('9');
      await eventually(() => expect(house.server.feed.size).toBe(10));
    }
    await eventually(() => expect(house.server.feed.size).toBe(0));
  });

  test('after a client vanishes in the moment it subscribes', async () => {
    await using run = await openDrivenRun(house.database, tenant);
    for (let at = 0; at < 5; at++) {
      await using socket = await openRawSocket(house.url, house.token);
      socket.send(follow('a', run.globalId));
    }
    await using witness = await openRawSocket(house.url, house.token);
    witness.send(follow('a', run.globalId));
    await witness.next('a');
    await eventually(() => expect(house.server.feed.size).toBe(1));
  });
});

test('an API that stops closes its sockets with 1012, so that clients connect again', async () => {
  const server = await house.openServer();
  await using socket = await openRawSocket(server.url, house.token);
  await server[Symbol.asyncDispose]();
  expect(await socket.closed).toBe(1012);
});
