import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { envFrom } from '#base/env.ts';
import { finalize, type House, openHouse, sendBytes } from '../support/house.ts';

let house: House;

beforeAll(async () => {
  house = await openHouse({ worker: false, env: { HTTPS: 'self-signed' } });
});
afterAll(() => house[Symbol.asyncDispose]());

describe('with HTTPS=self-signed', () => {
  test('everything is answered by HTTPS: the graph, links of the storage, sockets', async () => {
    expect(house.url).toMatch(/^https:/);
    expect(house.workspaceId).not.toBe('');
    const uploadId = await sendBytes(house, new Uint8Array(10));
    expect(await finalize(house, uploadId)).toMatchObject({ errors: [] });
    const socket = new WebSocket(`${house.url.replace('https', 'wss')}/graphql`, 'graphql-transport-ws');
    await once(socket, 'open');
    socket.close();
  });

  test('the certificate is of this machine only, and others do not trust it', async () => {
    const { port } = new URL(house.url);
    const failed = Promise.withResolvers<unknown>();
    // Its own list of authorities, as in a process that has never seen this home.
    request({ host: '127.0.0.1', port, path: '/livez', ca: [] }).on('error', failed.resolve).end();
    expect(await failed.promise).toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  });

  test('is made once, and readable by its owner only', async () => {
    const before = await readFile(path.join(house.home, 'https.pem'), 'utf8');
    await using another = await house.openServer();
    expect((await fetch(`${another.url}/livez`)).status).toBe(200);
    expect(await readFile(path.join(house.home, 'https.pem'), 'utf8')).toBe(before);
  });
});

test('with files of somebody else those are used', async () => {
  const pem = await readFile(path.join(house.home, 'https.pem'), 'utf8');
  const at = pem.indexOf('-----BEGIN CERTIFICATE-----');
  const [HTTPS_KEY_FILE, HTTPS_CERT_FILE] = [path.join(house.home, 'key'), path.join(house.home, 'cert')];
  await Promise.all([writeFile(HTTPS_KEY_FILE, pem.slice(0, at)), writeFile(HTTPS_CERT_FILE, pem.slice(at))]);
  await using server = await house.openServer({ HTTPS: 'off', HTTPS_KEY_FILE, HTTPS_CERT_FILE });
  expect((await fetch(`${server.url}/livez`)).status).toBe(200);
});

test.each<[string, Record<string, string>, string]>([
  ['one file without the other', { HTTPS_KEY_FILE: 'key.pem' }, 'HTTPS_KEY_FILE and HTTPS_CERT_FILE: set both or none'],
  [
    'its own certificate in production',
    { NODE_ENV: 'production', HTTPS: 'self-signed' },
    'HTTPS: self-signed is refused',
  ],
])('the environment may not ask for %s', (...[, words, said]) => {
  expect(() => envFrom(words)).toThrow(said);
});
