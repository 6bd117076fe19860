import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { envFrom } from '#base/env.ts';
import { listen } from '#http/listen.ts';

const origin = 'https://studio.example';

async function listening(more: Readonly<Record<string, string>> = {}) {
  const env = envFrom({ NODE_ENV: 'test', PORT: '0', CORS_ORIGINS: origin, ...more });
  const listener = await listen(env, { headersMs: 300, everyMs: 100 });
  onTestFinished(() => {
    listener.http.closeAllConnections();
    return listener.close();
  });
  return listener;
}

async function connected(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** What is told to somebody who sends this and nothing more, until the connection is closed. */
async function toldTo(url: string, bytes: string): Promise<string> {
  const socket = await connected(url);
  socket.write(bytes);
  return text(socket);
}

const half = 'POST /graphql HTTP/1.1\r\nhost: x\r\nx-a: ';

test.each([
  ['half of its headers', half],
  ['nothing', ''],
])('a connection that sends %s is closed', async (_what, bytes) => {
  const { url } = await listening();
  expect(await toldTo(url, bytes)).toContain('HTTP/1.1 408');
});

test('a recording may take as long as it likes: its body outlives any number of those', async () => {
  const { url, serve } = await listening();
  serve((asked, response) => void text(asked).then((sent) => response.end(sent)));
  const { hostname, port } = new URL(url);
  const sent = request({ hostname, port, method: 'PUT', path: '/storage/v1/object' });
  const answered = once(sent, 'response');
  for (const piece of ['one ', 'two ', 'three']) {
    sent.write(piece);
    await toldTo(url, half);
  }
  sent.end();
  const [response] = await answered;
  expect(await text(response)).toBe('one two three');
});

test('so many connections are held and no more; one that ends makes room', async () => {
  const { url, http } = await listening({ CONNECTIONS_AT_ONCE: '2' });
  http.headersTimeout = 60_000;
  const [first] = [await connected(url), await connected(url)];
  const third = await connected(url);
  await once(third.resume(), 'close');
  const left = once(http, 'connection');
  first.destroy();
  await expect.poll(async () => (await fetch(url)).status).toBe(503);
  await left;
});

test('before the API is there, a page may read that it starts, and ask whether it may call', async () => {
  const { url } = await listening();
  const early = await fetch(`${url}/graphql`, { method: 'POST', body: '{}', headers: { origin } });
  expect([early.status, early.headers.get('retry-after')]).toEqual([503, '1']);
  expect(early.headers.get('access-control-allow-origin')).toBe(origin);
  const id = early.headers.get('x-request-id');
  expect(await early.json()).toMatchObject({ errors: [{ extensions: { code: 'STARTING', correlationId: id } }] });
  const headers = {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization',
  };
  const asked = await fetch(`${url}/graphql`, { method: 'OPTIONS', headers });
  expect([asked.status, asked.headers.get('access-control-allow-headers')]).toEqual([204, 'authorization']);
});
