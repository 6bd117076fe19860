import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { attacks, wrongSubscription, wrongVariables } from '../support/attacks.ts';
import { type DrivenRun, openDrivenRun } from '../support/driven-run.ts';
import { type House, openHouse } from '../support/house.ts';
import { tenantOf } from '../support/seed.ts';
import { openRawSocket } from '../support/socket.ts';

let house: House;
let run: DrivenRun;

beforeAll(async () => {
  house = await openHouse({ worker: false });
  run = await openDrivenRun(house.database, await tenantOf(house.database, 'analytical'));
});
afterAll(async () => {
  await run[Symbol.asyncDispose]();
  await house[Symbol.asyncDispose]();
});

const refusal = z.array(z.object({ extensions: z.object({ code: z.string(), correlationId: z.string() }) })).max(5);
const who = '{ viewer { user { displayName } } }';
const following = 'subscription ($runId: ID!) { runEvents(runId: $runId) { sequence } }';
const ask = (id: string, query: string, more: object = {}) => ({ id, type: 'subscribe', payload: { query, ...more } });
const follow = (id: string) => ask(id, following, { variables: { runId: run.globalId } });
const greeting = () => ({ type: 'connection_init', payload: { authorization: `Bearer ${house.token}` } });
const signedIn = () => openRawSocket(house.url, house.token);

describe('a connection', () => {
  test('is opened with the sub-protocol graphql-transport-ws, also among others', async () => {
    await using socket = await openRawSocket(house.url, undefined, {
      protocols: ['graphql-ws', 'graphql-transport-ws'],
    });
    socket.send(greeting());
    expect(await socket.next()).toEqual({ type: 'connection_ack' });
  });

  test.each([['graphql-ws'], ['mqtt']])('with the sub-protocol %s only is not opened', async (name) => {
    // Nothing was agreed on, which a client must not accept.
    await expect(openRawSocket(house.url, undefined, { protocols: [name] })).rejects.toThrow(/subprotocol/);
  });

  test('without a sub-protocol is closed with 4406', async () => {
    await using socket = await openRawSocket(house.url, undefined, { protocols: [] });
    expect(await socket.closed).toBe(4406);
  });

  test('that says nothing for three seconds is closed with 4408', async () => {
    const began = performance.now();
    await using socket = await openRawSocket(house.url);
    expect(await socket.closed).toBe(4408);
    expect(performance.now() - began).toBeGreaterThan(2_900);
  });

  test('that begins twice is closed with 4429, acknowledged or not', async () => {
    await using hasty = await openRawSocket(house.url);
    hasty.send(greeting());
    hasty.send(greeting());
    expect(await hasty.closed).toBe(4429);
    await using late = await signedIn();
    late.send(greeting());
    expect(await late.closed).toBe(4429);
  });

  test('that subscribes before it was acknowledged is closed with 4401', async () => {
    await using socket = await openRawSocket(house.url);
    socket.send(greeting());
    socket.send(ask('a', who));
    expect(await socket.closed).toBe(4401);
  });

  test('may be pinged before and after it was acknowledged, with a payload or none', async () => {
    await using socket = await openRawSocket(house.url);
    socket.send({ type: 'ping' });
    expect(await socket.next()).toEqual({ type: 'pong' });
    socket.send(greeting());
    expect(await socket.next()).toEqual({ type: 'connection_ack' });
    socket.send({ type: 'ping', payload: { at: 1 } });
    expect(await socket.next()).toEqual({ type: 'pong' });
    socket.send({ type: 'pong', payload: { unasked: true } });
    socket.send(ask('a', who));
    expect(await socket.next('a')).toMatchObject({ type: 'next' });
  });
});

describe('a frame', () => {
  const wrong: [string, string][] = [
    ['that is no JSON', 'nonsense'],
    ['that is empty', ''],
    ['that is JSON but no object', '[1, 2]'],
    ['that is null', 'null'],
    ['without a type', '{}'],
    ['of an unknown type', '{"type":"start"}'],
    ['of a type that only servers send', '{"type":"connection_ack","payload":7}'],
    ['with a ping whose payload is no object', '{"type":"ping","payload":"x"}'],
    ['with an init whose payload is no object', '{"type":"connection_init","payload":"x"}'],
    ['that subscribes without an id', '{"type":"subscribe","payload":{"query":"{ __typename }"}}'],
    ['that subscribes with an empty id', '{"type":"subscribe","id":"","payload":{"query":"{ __typename }"}}'],
    ['that subscribes with a number as id', '{"type":"subscribe","id":1,"payload":{"query":"{ __typename }"}}'],
    ['that subscribes without a payload', '{"type":"subscribe","id":"a"}'],
    ['that subscribes without a query', '{"type":"subscribe","id":"a","payload":{}}'],
    ['with variables that are none', '{"type":"subscribe","id":"a","payload":{"query":"{ a }","variables":"x"}}'],
    ['that completes without an id', '{"type":"complete"}'],
  ];

  test.each(wrong)('%s closes the socket with 4400', async (...[, text]) => {
    await using socket = await signedIn();
    socket.sendRaw(text);
    expect(await socket.closed).toBe(4400);
  });

  test('of bytes closes the socket with 4400, also when they would be a message', async () => {
    await using socket = await signedIn();
    socket.sendRaw(Buffer.from(JSON.stringify({ type: 'ping' })));
    expect(await socket.closed).toBe(4400);
  });

  test('of more than 64 KiB closes the socket with 1009', async () => {
    await using socket = await signedIn();
    socket.send(ask('a', `# ${'x'.repeat(64 * 1024)}\n${who}`));
    expect(await socket.closed).toBe(1009);
  });

  test('of nearly 64 KiB does not', async () => {
    await using socket = await signedIn();
    socket.send(ask('a', `# ${'x'.repeat(63 * 1024)}\n${who}`));
    expect(await socket.next('a')).toMatchObject({ type: 'next' });
  });
});

describe('an operation', () => {
  test('that asks once is answered once, then completed', async () => {
    await using socket = await signedIn();
    socket.send(ask('a', who));
    expect(await socket.next('a')).toEqual({
      id: 'a',
      type: 'next',
      payload: { data: { viewer: { user: { displayName: 'ada' } } } },
    });
    expect(await socket.next('a')).toEqual({ id: 'a', type: 'complete' });
  });

  test('may have the id of one that is over', async () => {
    await using socket = await signedIn();
    for (const _round of [1, 2]) {
      socket.send(ask('a', who));
      expect(await socket.next('a')).toMatchObject({ type: 'next' });
      expect(await socket.next('a')).toMatchObject({ type: 'complete' });
    }
  });

  test('with the id of one that runs closes the socket with 4409', async () => {
    await using socket = await signedIn();
    socket.send(follow('a'));
    await socket.next('a');
    socket.send(ask('a', who));
    expect(await socket.closed).toBe(4409);
  });

  test('may be called like a part of every object', async () => {
    await using socket = await signedIn();
    for (const id of ['__proto__', 'constructor', 'toString']) {
      socket.send(ask(id, who));
      expect(await socket.next(id)).toMatchObject({ id, type: 'next' });
    }
  });

  test('that is unknown, or over, may be completed, also twice', async () => {
    await using socket = await signedIn();
    socket.send({ type: 'complete', id: 'nobody' });
    socket.send(follow('a'));
    await socket.next('a');
    socket.send({ type: 'complete', id: 'a' });
    socket.send({ type: 'complete', id: 'a' });
    socket.send(ask('b', who));
    expect(await socket.next('b')).toMatchObject({ type: 'next' });
  });

  test('that cannot run gets one error and no completion, and its id is free again', async () => {
    await using socket = await signedIn();
    socket.send(ask('a', 'subscription {'));
    expect(await socket.next('a')).toMatchObject({ type: 'error', payload: [{ message: expect.any(String) }] });
    socket.send(ask('a', who));
    expect(await socket.next('a')).toMatchObject({ type: 'next' });
  });

  test('must be named where a document has several', async () => {
    await using socket = await signedIn();
    const query = `query A ${who} query B { __typename }`;
    socket.send(ask('a', query));
    expect(await socket.next('a')).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    });
    socket.send(ask('b', query, { operationName: 'B' }));
    expect(await socket.next('b')).toMatchObject({ payload: { data: { __typename: 'Query' } } });
  });

  test('that streams ends the others neither by its own end nor by its failure', async () => {
    await using socket = await signedIn();
    socket.send(follow('kept'));
    await socket.next('kept');
    socket.send(follow('left'));
    await socket.next('left');
    socket.send({ type: 'complete', id: 'left' });
    socket.send(ask('failed', following, { variables: { runId: 'x' } }));
    expect(await socket.next('failed')).toMatchObject({ payload: { errors: [{ extensions: { code: 'NOT_FOUND' } }] } });
    await run.begin();
    expect(await socket.next('kept')).toMatchObject({ payload: { data: { runEvents: { sequence: 3 } } } });
  });
});

test('the official client asks, follows, leaves and stays connected', async () => {
  const client = createClient({
    url: `${house.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${house.token}` },
    retryAttempts: 0,
    lazy: false,
  });
  for await (const event of client.iterate({ query: following, variables: { runId: run.globalId } })) {
    expect(event).toMatchObject({ data: { runEvents: { sequence: expect.any(Number) } } });
    break;
  }
  for await (const answer of client.iterate({ query: who })) {
    expect(answer).toEqual({ data: { viewer: { user: { displayName: 'ada' } } } });
  }
  await client.dispose();
});

describe('over a socket, a request', () => {
  const table = attacks.map((attack) => [attack.name, attack] as const);

  test.each(table)('that %s is refused, and the socket lives', async (...[, { query, variables, code }]) => {
    await using socket = await signedIn();
    socket.send(ask('bad', query, variables && { variables }));
    const { payload } = await socket.next('bad');
    expect([...new Set(refusal.parse(payload).map(({ extensions }) => extensions.code))]).toEqual([code]);
    socket.send(ask('good', who));
    expect(await socket.next('good')).toMatchObject({ type: 'next' });
  });

  const wrong = [...wrongVariables, wrongSubscription].map((attack) => [attack.name, attack] as const);

  test.each(wrong)('that %s is told five faults', async (...[, { query, variables, code }]) => {
    await using socket = await signedIn();
    socket.send(ask('bad', query, variables && { variables }));
    const { payload } = await socket.next('bad');
    const errors = refusal.parse(z.object({ errors: z.unknown() }).safeParse(payload).data?.errors ?? payload);
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(Array(5).fill(code));
  });
});
