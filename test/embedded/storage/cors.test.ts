import { expect, test } from 'vitest';
import { ask, openEmbeddedServer } from '../../support/storage.ts';

const studio = 'https://studio.example';

const preflight = (origin: string, method: string) => ({
  method: 'OPTIONS',
  path: '/upload/resumable/sign/0123',
  headers: {
    origin,
    'access-control-request-method': method,
    'access-control-request-headers': 'x-signature,tus-resumable',
  },
});

test('a page of a listed origin may send bytes by PUT and by tus', async () => {
  await using server = await openEmbeddedServer();
  for (const method of ['PUT', 'PATCH']) {
    const { status, headers } = await ask(server, preflight(studio, method));
    expect([status, headers['access-control-allow-origin']]).toEqual([204, studio]);
    expect(headers['access-control-allow-methods']).toContain(method);
    for (const name of [
      'x-signature',
      'tus-resumable',
      'upload-offset',
      'upload-metadata',
      'x-upsert',
      'content-type',
    ]) {
      expect(headers['access-control-allow-headers']).toContain(name);
    }
  }
});

test('a page of a foreign origin gets no permission', async () => {
  await using server = await openEmbeddedServer();
  const foreign = 'https://evil.example';
  const answers = [
    await ask(server, preflight(foreign, 'PUT')),
    await ask(server, { path: '/status', headers: { origin: foreign } }),
    await ask(server, { method: 'OPTIONS', path: '/upload/resumable', headers: { origin: foreign } }),
    await ask(server, { method: 'POST', path: '/upload/resumable', headers: { origin: foreign } }),
  ];
  for (const { headers } of answers) {
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect(headers.vary).toContain('Origin');
  }
});

test('a refused call can still be read by a listed page', async () => {
  await using server = await openEmbeddedServer();
  const { status, headers } = await ask(server, {
    path: '/object/sign/uploads/x?token=no',
    headers: { origin: studio },
  });
  expect([status, headers['access-control-allow-origin']]).toEqual([400, studio]);
});

test('the star lets every origin in', async () => {
  await using server = await openEmbeddedServer({ corsOrigins: ['*'] });
  const { headers } = await ask(server, preflight('https://anywhere.example', 'PATCH'));
  expect(headers['access-control-allow-origin']).toBe('https://anywhere.example');
});
