import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { storageRequests } from '#client/storage-requests.ts';

const seen: string[] = [];
const server = createServer((request, response) => {
  seen.push(request.url ?? '');
  if (request.url === '/slow') return;
  response.end();
});
let url = '';

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${z.object({ port: z.number() }).parse(server.address()).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const answered = () => storageRequests().createRequest('GET', `${url}/answered`).send(null);

test('a request that is aborted before it is sent is not sent', async () => {
  const request = storageRequests().createRequest('GET', `${url}/aborted`);
  await request.abort();
  void request.send(null);
  expect((await answered()).getStatus()).toBe(200);
  expect(seen).toEqual(['/answered']);
});

test('a request that is aborted on its way says nothing more, not that it failed either', async () => {
  const arrived = once(server, 'request');
  const request = storageRequests().createRequest('GET', `${url}/slow`);
  let end = 'none';
  void request.send(null).then(
    () => (end = 'answered'),
    () => (end = 'failed'),
  );
  await arrived;
  await request.abort();
  await answered();
  expect(end).toBe('none');
});
