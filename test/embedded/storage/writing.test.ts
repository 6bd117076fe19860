import { readdir } from 'node:fs/promises';
import { type ClientRequest, request as openRequest } from 'node:http';
import path from 'node:path';
import { StorageClient } from '@supabase/storage-js';
import { expect, test } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { answerTo, ask, codeIn, type EmbeddedServer, openEmbeddedServer } from '../../support/storage.ts';

const limitBytes = 1024 ** 2;
const openLimited = (): Promise<EmbeddedServer> => openEmbeddedServer({ maxUploadBytes: limitBytes });

const key = 'ws/u1/source/a.mp4';
const uploadPath = `/object/uploads/${key}`;

/** An upload whose body the test sends piece by piece. */
function begin(server: EmbeddedServer, headers: Record<string, string> = {}): ClientRequest {
  return openRequest(`${server.origin}/storage/v1${uploadPath}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.serviceKey}`, 'content-type': 'video/mp4', ...headers },
  });
}

const filesIn = async (server: EmbeddedServer, folder: string): Promise<string[]> => {
  const entries = await readdir(path.join(server.folder, folder), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
};

test('a body without a length is counted as it comes and refused at the limit', async () => {
  await using server = await openLimited();
  const request = begin(server);
  request.write(Buffer.alloc(limitBytes));
  request.end('x');
  expect(codeIn(await answerTo(request))).toBe('EntityTooLarge');
  expect(await filesIn(server, 'tmp')).toEqual([]);
  expect(await filesIn(server, 'blobs')).toEqual([]);
});

test('a body of exactly the limit is stored', async () => {
  await using server = await openLimited();
  const request = begin(server);
  request.end(Buffer.alloc(limitBytes));
  expect((await answerTo(request)).status).toBe(200);
});

test('a body that announces too much is refused before it is sent', async () => {
  await using server = await openLimited();
  const request = begin(server, { 'content-length': String(100 * limitBytes) });
  request.on('error', () => {});
  request.flushHeaders();
  const answer = await answerTo(request);
  expect(codeIn(answer)).toBe('EntityTooLarge');
  expect(answer.headers.connection).toBe('close');
  request.destroy();
});

test('a client that goes on sending after the refusal still sees it', async () => {
  await using server = await openLimited();
  await server.storage.put({ bucket: 'uploads', key }, 'here', { contentType: 'video/mp4' });
  const request = begin(server, { 'content-length': String(limitBytes) });
  request.on('error', () => {});
  const answered = answerTo(request);
  for (let part = 0; part < 8; part += 1) request.write(Buffer.alloc(limitBytes / 8));
  request.end();
  expect(codeIn(await answered)).toBe('KeyAlreadyExists');
});

test('an upload that breaks off leaves nothing behind', async () => {
  await using server = await openLimited();
  const request = begin(server, { 'content-length': '1000' });
  request.on('error', () => {});
  request.write('half');
  await eventually(async () => expect(await filesIn(server, 'tmp')).toHaveLength(1));
  request.destroy();
  await eventually(async () => expect(await filesIn(server, 'tmp')).toEqual([]));
  expect(await server.storage.info({ bucket: 'uploads', key })).toBeNull();
});

test('a browser form stores its file under the type the browser gave it', async () => {
  await using server = await openLimited();
  const form = new FormData();
  form.append('cacheControl', '60');
  form.append('', new File(['bytes'], 'talk.webm', { type: 'video/webm' }));
  const { url } = await server.storage.signUpload(
    { bucket: 'uploads', key },
    { protocol: 'PUT', contentType: 'video/mp4', sizeBytes: 5 },
  );
  expect((await fetch(url, { method: 'PUT', body: form })).status).toBe(200);
  const answer = await ask(server, { path: uploadPath });
  expect([answer.body.toString(), answer.headers['content-type'], answer.headers['cache-control']]).toEqual([
    'bytes',
    'video/webm',
    'max-age=60',
  ]);
});

test('a form above the limit, cut short or without a file stores nothing', async () => {
  await using server = await openLimited();
  const post = async (body: string, boundary = 'b'): Promise<unknown> => {
    const headers = {
      authorization: `Bearer ${server.serviceKey}`,
      'content-type': `multipart/form-data; boundary=${boundary}`,
    };
    return codeIn(await ask(server, { method: 'POST', path: uploadPath, headers, body }));
  };
  const file = '--b\r\ncontent-disposition: form-data; name=""; filename="a"\r\ncontent-type: video/mp4\r\n\r\n';
  expect(await post(`${file}${'x'.repeat(limitBytes + 1)}\r\n--b--\r\n`)).toBe('EntityTooLarge');
  expect(await post(`${file}cut`)).toBe('InvalidRequest');
  expect(await post('--b\r\ncontent-disposition: form-data; name="cacheControl"\r\n\r\n60\r\n--b--\r\n')).toBe(
    'InvalidRequest',
  );
  expect(await filesIn(server, 'tmp')).toEqual([]);
  expect(await filesIn(server, 'blobs')).toEqual([]);
});

test('a type the bucket does not list is refused', async () => {
  await using server = await openLimited();
  const keys = { authorization: `Bearer ${server.serviceKey}` };
  const client = new StorageClient(`${server.origin}/storage/v1`, keys);
  await client.createBucket('only-video', { public: false, allowedMimeTypes: ['video/*'], fileSizeLimit: '1KB' });
  const upload = (contentType: string, size: number) =>
    client.from('only-video').upload(crypto.randomUUID(), Buffer.alloc(size), { contentType });
  expect((await upload('video/mp4', 1000)).error).toBeNull();
  expect((await upload('audio/mpeg', 10)).error).toMatchObject({ code: 'InvalidMimeType', statusCode: '415' });
  expect((await upload('video/mp4', 1001)).error).toMatchObject({ code: 'EntityTooLarge', statusCode: '413' });
});

test('of twelve creations of one key at once exactly one wins, and its bytes are the object', async () => {
  await using server = await openLimited();
  const answers = await Promise.all(
    Array.from({ length: 12 }, async (_, writer) => {
      const request = begin(server, { 'x-upsert': 'false' });
      request.end(`writer ${writer}`);
      return (await answerTo(request)).status;
    }),
  );
  expect(answers.filter((status) => status === 200)).toHaveLength(1);
  expect((await ask(server, { path: uploadPath })).body.toString()).toBe(`writer ${answers.indexOf(200)}`);
  expect(await filesIn(server, 'blobs')).toHaveLength(1);
  expect(await filesIn(server, 'tmp')).toEqual([]);
});

test('twelve replacements of one key at once leave one object and no bytes of the others', async () => {
  await using server = await openLimited();
  const name = { bucket: 'uploads', key } as const;
  const bodies = Array.from({ length: 12 }, (_, writer) => `writer ${writer}`.repeat(1000));
  await Promise.all(bodies.map((body) => server.storage.put(name, body, { contentType: 'text/plain' })));
  expect(bodies).toContain((await ask(server, { path: uploadPath })).body.toString());
  expect(await filesIn(server, 'blobs')).toHaveLength(1);
});
