import { once } from 'node:events';
import { request as ask } from 'node:http';
import { request as askSecurely } from 'node:https';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type House, openHouse } from '../support/house.ts';
import { openRawSocket } from '../support/socket.ts';

describe.each([
  ['HTTP', 'off'],
  ['HTTPS', 'self-signed'],
])('over %s', (_protocol, HTTPS) => {
  let house: House;

  beforeAll(async () => {
    house = await openHouse({ worker: false, env: { HTTPS } });
  });
  afterAll(() => house[Symbol.asyncDispose]());

  /** As curl offers HTTP/2 in clear text: the same request is to be answered by who does not take it. */
  async function offering(upgrade: string, { path, body }: { path: string; body?: string }) {
    const headers = {
      connection: 'Upgrade, HTTP2-Settings',
      upgrade,
      'http2-settings': 'AAMAAABkAAQAoAAAAAIAAAAA',
      ...(body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    };
    const url = new URL(path, house.url);
    const options = { method: body === undefined ? 'GET' : 'POST', headers, agent: false };
    const sent = url.protocol === 'https:' ? askSecurely(url, options) : ask(url, options);
    sent.end(body);
    const [response] = await once(sent, 'response');
    return { status: response.statusCode, headers: response.headers, body: await text(response) };
  }

  test.each(['h2c', 'TLS/1.2', 'h2c, websocket'])('who offers %s is answered as anybody else', async (upgrade) => {
    const body = JSON.stringify({ query: '{ __typename }' });
    const asked = await offering(upgrade, { path: '/graphql', body });
    expect([asked.status, asked.body]).toEqual([200, '{"data":{"__typename":"Query"}}']);
    expect(asked.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'x-request-id': expect.any(String),
      'x-content-type-options': 'nosniff',
    });
    expect((await offering(upgrade, { path: '/livez' })).status).toBe(200);
  });

  test('a socket is opened as ever', async () => {
    await using socket = await openRawSocket(house.url, house.token);
    socket.send({ id: 'a', type: 'subscribe', payload: { query: '{ __typename }' } });
    expect(await socket.next('a')).toMatchObject({ payload: { data: { __typename: 'Query' } } });
  });
});
