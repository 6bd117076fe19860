import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { openDrivenRun } from '../support/driven-run.ts';
import { eventually } from '../support/eventually.ts';
import { type House, openHouse } from '../support/house.ts';
import { tenantOf } from '../support/seed.ts';

let house: House;
const lines: string[] = [];

beforeAll(async () => {
  const logTo = { write: (line: string) => void lines.push(line) };
  house = await openHouse({ worker: false, level: 'info', logTo });
});
afterAll(() => house[Symbol.asyncDispose]());

/** What urql sends with every query and every mutation. */
const ofUrql =
  'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed';
const origin = 'https://studio.example';
const slow = '{ viewer { workspaces { nodes { workspace { uploads { totalCount } } } } } }';

const ask = (url: string, query: string, more: Readonly<Record<string, string>> = {}) =>
  fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${house.token}`, origin, ...more },
    body: JSON.stringify({ query }),
  });

const preflight = (url: string) =>
  fetch(`${url}/graphql`, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
  });

/** Holds everybody who reads uploads, until it is left. */
async function heldUploads() {
  const client = await house.database.pool.connect();
  await client.query('begin; lock table uploads in access exclusive mode');
  return {
    waiting: async (many: number) => {
      const text = "select count(*)::int as many from pg_locks where not granted and relation = 'uploads'::regclass";
      await eventually(async () => expect((await client.query(text)).rows).toEqual([{ many }]));
    },
    release: () => client.query('rollback'),
    [Symbol.asyncDispose]: async () => {
      await client.query('rollback');
      client.release();
    },
  };
}

/** A connection that sends this and then nothing more. */
async function sendRaw(url: string, bytes: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(bytes);
  return socket;
}

describe('an API that answers as much as it can', () => {
  test.each([
    ['urql', ofUrql],
    ['one who wants streams', 'text/event-stream'],
  ])('counts %s like everybody else, and its refusal can be read by a page', async (_who, accept) => {
    await using server = await house.openServer({
      REQUESTS_AT_ONCE: '2',
      CORS_ORIGINS: `${origin},https://other.example`,
    });
    await using held = await heldUploads();
    const answers = [ask(server.url, slow, { accept }), ask(server.url, slow, { accept })];
    await held.waiting(2);

    const refused = await ask(server.url, slow, { accept, 'x-request-id': 'mine-7' });
    const asked = await preflight(server.url);
    const foreign = await ask(server.url, slow, { accept, origin: 'https://foreign.example' });
    await held.release();

    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.headers.get('access-control-allow-origin')).toBe(origin);
    expect(refused.headers.get('access-control-expose-headers')).toContain('x-request-id');
    expect(await refused.json()).toMatchObject({
      errors: [{ extensions: { code: 'OVERLOADED', correlationId: 'mine-7' } }],
    });
    expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([204, origin]);
    expect([foreign.status, foreign.headers.get('access-control-allow-origin')]).toEqual([503, null]);
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200]);
    expect((await ask(server.url, slow)).status).toBe(200);
  });

  test('gives the place of a subscription back once its stream is open', async () => {
    await using server = await house.openServer({ REQUESTS_AT_ONCE: '1' });
    await using run = await openDrivenRun(house.database, await tenantOf(house.database, 'analytical'));
    const query = `subscription { runEvents(runId: "${run.globalId}") { sequence } }`;
    const streams: Response[] = [];
    while (streams.length < 3) streams.push(await ask(server.url, query, { accept: 'text/event-stream' }));
    await eventually(() => expect(server.feed.size).toBe(3));
    expect((await ask(server.url, slow)).status).toBe(200);
    for (const stream of streams) await stream.body?.cancel();
  });
});

describe('whoever sends half a body', () => {
  const half = (from: string) =>
    `POST /graphql HTTP/1.1\r\nhost: x\r\nx-forwarded-for: ${from}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{`;

  test.each([
    ['one address', () => '192.0.2.1'],
    ['many addresses', (at: number) => `192.0.2.${at}`],
  ])('takes no place from others, from %s', async (_where, from) => {
    await using server = await house.openServer({ REQUESTS_AT_ONCE: '5', TRUST_PROXY: '1' });
    const longest = await sendRaw(server.url, half(from(0)));
    const others = await Promise.all(Array.from({ length: 12 }, (_, at) => sendRaw(server.url, half(from(at + 1)))));
    // The one that has waited longest gives way, which tells that all have arrived.
    const [told] = await once(longest, 'data');
    expect(String(told)).toContain('HTTP/1.1 503');
    expect((await ask(server.url, slow)).status).toBe(200);
    for (const socket of [longest, ...others]) socket.destroy();
  });

  test('to where no body is read is answered, and not held on to', async () => {
    const socket = await sendRaw(house.url, half('192.0.2.1').replace('/graphql', '/livez'));
    const [told] = await once(socket, 'data');
    expect(String(told)).toContain('HTTP/1.1 200');
    await once(socket, 'close');
  });

  test('to the webhook of the identity provider is not waited for', async () => {
    const CLERK_WEBHOOK_SIGNING_SECRET = `whsec_${Buffer.from('only both of us').toString('base64')}`;
    await using server = await house.openServer({ CLERK_WEBHOOK_SIGNING_SECRET, EXECUTION_TIMEOUT_MS: '300' });
    const socket = await sendRaw(server.url, half('192.0.2.1').replace('/graphql', '/webhooks/clerk'));
    const [told] = await once(socket, 'data');
    expect(String(told)).toContain('HTTP/1.1 408');
    await once(socket, 'close');
  });
});

describe('whoever does not read its answers', () => {
  const everything =
    '{ __schema { types { name description fields { name description args { name description } } inputFields { name description } } } }';

  test.each(['application/json', 'text/event-stream'])('holds no place, and is cut off (%s)', async (accept) => {
    lines.length = 0;
    await using server = await house.openServer({ REQUESTS_AT_ONCE: '3', SLOW_READER_MS: '800' });
    const body = JSON.stringify({ query: everything });
    const request = `POST /graphql HTTP/1.1\r\nhost: x\r\naccept: ${accept}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    const socket = await sendRaw(server.url, '');
    socket.pause();
    // Of what is refused for being too much at once there is little to read: only so many at a time are answered.
    const sent = setInterval(() => socket.write(request), 10);
    onTestFinished(() => clearInterval(sent));
    await vi.waitFor(() => expect(lines.join('')).toContain('too slow'), { timeout: 30_000, interval: 20 });
    clearInterval(sent);
    expect((await ask(server.url, slow)).status).toBe(200);
  });
});
