import { expect, test } from 'vitest';
import { ask, type EmbeddedServer, openEmbeddedServer, type RawAnswer } from '../../support/storage.ts';

const name = { bucket: 'clips', key: 'ws/u1/clip/a.mp4' } as const;

/** Conditions are asked without fetch, which adds headers of its own to them. */
async function openReading(): Promise<{
  server: EmbeddedServer;
  get: (headers?: Record<string, string>) => Promise<RawAnswer>;
}> {
  const server = await openEmbeddedServer();
  await server.storage.put(name, '0123456789', { contentType: 'video/mp4' });
  const link = new URL((await server.storage.signDownload(name, { expiresInSeconds: 60 })).url);
  const path = `${link.pathname.slice('/storage/v1'.length)}${link.search}`;
  return { server, get: (headers = {}) => ask(server, { path, headers }) };
}

test('ranges from the start, from the end and open ones are served in part', async () => {
  const { server, get } = await openReading();
  await using _ = server;
  for (const [range, body, contentRange] of [
    ['bytes=0-2', '012', 'bytes 0-2/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
  ] as const) {
    const answer = await get({ range });
    expect([answer.status, answer.body.toString(), answer.headers['content-range']]).toEqual([206, body, contentRange]);
  }
});

test('a range behind the end is refused with the size', async () => {
  const { server, get } = await openReading();
  await using _ = server;
  const answer = await get({ range: 'bytes=10-' });
  expect([answer.status, answer.headers['content-range']]).toEqual([416, 'bytes */10']);
  expect(answer.headers['content-type']).toContain('application/json');
});

test('what a client already holds is not sent again, until it is replaced', async () => {
  const { server, get } = await openReading();
  await using _ = server;
  const { etag = '', 'last-modified': modified = '' } = (await get()).headers;
  expect((await get({ 'if-none-match': etag })).status).toBe(304);
  expect((await get({ 'if-modified-since': modified })).status).toBe(304);
  expect((await get({ 'if-match': '"other"' })).status).toBe(400);
  expect((await get({ range: 'bytes=0-0', 'if-range': etag })).status).toBe(206);
  await server.storage.put(name, 'replaced', { contentType: 'video/mp4' });
  expect((await get({ 'if-none-match': etag })).status).toBe(200);
  expect((await get({ range: 'bytes=0-0', 'if-range': etag })).status).toBe(200);
});

test('HEAD answers as GET does, without the bytes', async () => {
  const { server } = await openReading();
  await using _ = server;
  const { url } = await server.storage.signDownload(name, { expiresInSeconds: 60 });
  const answer = await fetch(url, { method: 'HEAD' });
  expect([answer.status, answer.headers.get('content-length'), answer.headers.get('accept-ranges')]).toEqual([
    200,
    '10',
    'bytes',
  ]);
  expect(answer.headers.get('expires')).toMatch(/GMT$/);
});

test('readers of a key that is replaced all the time always get one whole version', async () => {
  await using server = await openEmbeddedServer();
  const versions = Array.from({ length: 20 }, (_, number) => String.fromCharCode(97 + number).repeat(20_000));
  await server.storage.put(name, versions[0] ?? '', { contentType: 'text/plain' });
  const writing = (async () => {
    for (const version of versions) await server.storage.put(name, version, { contentType: 'text/plain' });
  })();
  const readers = Array.from({ length: 40 }, () => ask(server, { path: `/object/${name.bucket}/${name.key}` }));
  for (const answer of await Promise.all(readers)) expect(versions).toContain(answer.body.toString());
  await writing;
});
