import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type DrivenRun, openDrivenRun } from '../support/driven-run.ts';
import { eventually } from '../support/eventually.ts';
import { type House, openHouse } from '../support/house.ts';
import { tenantOf } from '../support/seed.ts';
import { openRawSocket } from '../support/socket.ts';

let house: House;
let run: DrivenRun;

beforeAll(async () => {
  house = await openHouse({
    worker: false,
    env: { SOCKETS_PER_USER: '3', SOCKET_PING_MS: '400', CORS_ORIGINS: 'https://studio.example' },
  });
  run = await openDrivenRun(house.database, await tenantOf(house.database, 'analytical'));
});
afterAll(async () => {
  await run[Symbol.asyncDispose]();
  await house[Symbol.asyncDispose]();
});

const who = '{ viewer { user { displayName } } }';
const query = 'subscription ($runId: ID!) { runEvents(runId: $runId) { sequence } }';
const ask = (id: string, text: string) => ({ id, type: 'subscribe', payload: { query: text } });
const follow = (id: string) => ({ id, type: 'subscribe', payload: { query, variables: { runId: run.globalId } } });
const signedIn = () => openRawSocket(house.url, house.token);

test('a socket is asked to come again where nobody can tell who it is', async () => {
  await using server = await house.openServer({
    CLERK_JWKS_URL: 'http://127.0.0.1:9/jwks',
    CLERK_JWT_ISSUER: 'https://clerk.example',
    CLERK_AUTHORIZED_PARTIES: 'https://studio.example',
  });
  await using socket = await openRawSocket(server.url);
  socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${house.token}` } });
  expect(await socket.closed).toBe(1013);
});

describe('a socket', () => {
  test('takes 20 operations at a time; the 21st is refused, until one is completed', async () => {
    await using socket = await signedIn();
    for (let at = 1; at <= 21; at += 1) socket.send(follow(`${at}`));
    expect(await socket.next('21')).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'TOO_MANY_OPERATIONS', correlationId: expect.any(String) } }],
    });
    for (let at = 1; at <= 20; at += 1) expect(await socket.next(`${at}`)).toMatchObject({ type: 'next' });
    socket.send({ type: 'complete', id: '7' });
    socket.send(follow('22'));
    expect(await socket.next('22')).toMatchObject({ type: 'next' });
  });

  test('is one of three that a person may have open; the fourth is closed with 1013 until one goes', async () => {
    {
      await using _one = await signedIn();
      await using _two = await signedIn();
      await using third = await signedIn();
      await using fourth = await openRawSocket(house.url);
      fourth.send({ type: 'connection_init', payload: { authorization: `Bearer ${house.token}` } });
      expect(await fourth.closed).toBe(1013);
      await using another = await openRawSocket(house.url, await house.keys.mint({ user: 'bob', workspace: 'bobs' }));
      another.send(ask('a', who));
      expect(await another.next('a')).toMatchObject({
        payload: { data: { viewer: { user: { displayName: 'bob' } } } },
      });
      third.send(ask('a', who));
      await third.next('a');
    }
    await using socket = await signedIn();
    socket.send(ask('a', who));
    expect(await socket.next('a')).toMatchObject({ type: 'next' });
  });

  test('that does not answer pings is cut off; one that does lives on', async () => {
    await using deaf = await openRawSocket(house.url, undefined, { autoPong: false });
    deaf.send({ type: 'connection_init', payload: { authorization: `Bearer ${house.token}` } });
    await using alive = await signedIn();
    expect(await deaf.closed).toBe(1006);
    alive.send(ask('a', who));
    expect(await alive.next('a')).toMatchObject({ type: 'next' });
  });

  test('that answers pings without reading them is cut off', async () => {
    await using socket = await openRawSocket(house.url, house.token, { autoPong: false });
    const lying = setInterval(() => socket.pong('guess'), 50);
    expect(await socket.closed).toBe(1006);
    clearInterval(lying);
  });

  test('whose reader hangs is cut off, and nobody is left following', async () => {
    await using socket = await signedIn();
    socket.send(follow('a'));
    await socket.next('a');
    socket.pause();
    for (let percent = 1; percent <= 20; percent += 1) await run.tell(percent);
    await vi.waitFor(() => expect(house.server.feed.size).toBe(0), { timeout: 10_000 });
  });
});

test('somebody may follow over server-sent events as much as over their sockets, and not one stream more', async () => {
  const token = await house.keys.mint({ user: 'carol', workspace: 'carols' });
  const own = await openRawSocket(house.url, token);
  await own[Symbol.asyncDispose]();
  await using theirs = await openDrivenRun(house.database, await tenantOf(house.database, 'carols'));
  const leaving = new AbortController();
  const stream = () =>
    fetch(`${house.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables: { runId: theirs.globalId } }),
      signal: leaving.signal,
    });
  const streams = [];
  for (let at = 0; at < 60; at += 1) streams.push(await stream());
  const refusal = await (await stream()).text();
  expect(refusal).toContain('TOO_MANY_OPERATIONS');
  leaving.abort();
  await eventually(() => expect(house.server.feed.size).toBe(0));
  expect(streams.map(({ status }) => status)).toEqual(Array(60).fill(200));
});

describe('a page', () => {
  const opened = async (headers: Record<string, string>): Promise<number> => {
    const socket = new WebSocket(`${house.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers });
    const [outcome] = await Promise.race([
      once(socket, 'open').then(() => [101]),
      once(socket, 'unexpected-response').then(([, response]) => [Number(response.statusCode)]),
    ]);
    socket.terminate();
    return outcome ?? 0;
  };

  test.each([
    ['from an origin on the list', { origin: 'https://studio.example' }, 101],
    ['from another origin', { origin: 'https://evil.example' }, 403],
    ['from no page at all', {}, 101],
  ])('%s gets its answer', async (_what, headers, status) => {
    expect(await opened(headers)).toBe(status);
  });
});

describe('a token', () => {
  const briefly = (more: { user?: string; workspace?: string; ttlSeconds?: number } = {}) =>
    house.keys.mint({ user: 'ada', workspace: 'analytical', ttlSeconds: 3, ...more });
  const renewal = (token: string) => ({ type: 'ping', payload: { token } });

  test('is renewed in a ping: the socket outlives the old one, and its operations go on', async () => {
    await using socket = await openRawSocket(house.url, await briefly());
    socket.send(follow('a'));
    await socket.next('a');
    socket.send(renewal(await briefly({ ttlSeconds: 60 })));
    // Without what was sent, which would be the token.
    expect(await socket.next()).toEqual({ type: 'pong' });
    await using other = await openRawSocket(house.url, await briefly());
    expect(await other.closed).toBe(4403);
    socket.send(ask('b', who));
    expect(await socket.next('b')).toMatchObject({ type: 'next' });
  });

  test.each([
    ['of somebody else', () => briefly({ user: 'eve' })],
    ['of another session', () => briefly({ workspace: 'difference' })],
    ['that has run out', () => briefly({ ttlSeconds: -60 })],
    ['that is none', () => Promise.resolve('nonsense')],
  ])('%s in a ping closes the socket with 4403', async (_what, token) => {
    await using socket = await openRawSocket(house.url, await briefly({ ttlSeconds: 60 }));
    socket.send(renewal(await token()));
    expect(await socket.closed).toBe(4403);
  });

  test('that runs out earlier than the one before shortens nothing', async () => {
    await using socket = await openRawSocket(house.url, await briefly({ ttlSeconds: 60 }));
    socket.send(renewal(await briefly({ ttlSeconds: 1 })));
    await socket.next();
    await using other = await openRawSocket(house.url, await briefly({ ttlSeconds: 1 }));
    expect(await other.closed).toBe(4403);
    socket.send(ask('a', who));
    expect(await socket.next('a')).toMatchObject({ type: 'next' });
  });

  test('before the socket was acknowledged changes nothing', async () => {
    await using socket = await openRawSocket(house.url);
    socket.send(renewal(await briefly()));
    expect(await socket.next()).toEqual({ type: 'pong' });
    socket.send(ask('a', who));
    expect(await socket.closed).toBe(4401);
  });
});
