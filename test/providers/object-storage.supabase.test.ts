import { once } from 'node:events';
import { truncate, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { finished } from 'node:stream/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { openFolder } from '#base/temp.ts';
import { supabaseStorage } from '#providers/object-storage.supabase.ts';
import type { ObjectStorage } from '#providers/object-storage.ts';
import { openEmbeddedServer, originOf } from '../support/storage.ts';

const name = { bucket: 'uploads', key: 'ws/u1/source/a.mp4' } as const;
interface Scripted extends AsyncDisposable {
  readonly storage: ObjectStorage;
}

/** A server that answers with each of the listeners in turn. */
async function openScripted(...answers: RequestListener[]): Promise<Scripted> {
  const server = createServer((request, response) => {
    const answer = answers.shift();
    if (answer === undefined) throw new Error(`nobody expected ${request.method} ${request.url}`);
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `${originOf(server)}/storage/v1`;
  return {
    storage: supabaseStorage({ url, serviceKey: 'key', maxUploadBytes: 1000 }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const json =
  (status: number, body: unknown): RequestListener =>
  (_request, response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const found = json(200, { size: 5, content_type: 'video/mp4' });
const cut: RequestListener = (request) => void request.socket.destroy();

test('a call that fails on the way, or by the fault of the server, is made once more', async () => {
  for (const failure of [cut, json(500, { message: 'down' }), json(503, {})]) {
    await using server = await openScripted(failure, found);
    expect(await server.storage.info(name)).toEqual({ sizeBytes: 5, contentType: 'video/mp4' });
  }
});

test('a server that stays away is a passing problem', async () => {
  await using server = await openScripted(cut, cut);
  await expect(server.storage.info(name)).rejects.toMatchObject({
    code: 'PROVIDER_UNAVAILABLE',
    facts: { provider: 'storage' },
  });
});

test('the code inside the answer tells what happened, whatever the HTTP status says', async () => {
  const refusal = (code: string, statusCode: string) => json(400, { statusCode, error: 'e', message: 'm', code });
  await using server = await openScripted(
    refusal('NoSuchKey', '404'),
    refusal('KeyAlreadyExists', '409'),
    refusal('AccessDenied', '403'),
    json(404, { message: 'from a gateway' }),
  );
  expect(await server.storage.info(name)).toBeNull();
  const wanted = { protocol: 'PUT', contentType: 'video/mp4', sizeBytes: 5 } as const;
  await expect(server.storage.signUpload(name, wanted)).rejects.toMatchObject({ code: 'CONFLICT' });
  await expect(server.storage.info(name)).rejects.toMatchObject({
    code: 'PROVIDER_REJECTED',
    facts: { vendorCode: 'AccessDenied' },
  });
  expect(await server.storage.info(name)).toBeNull();
});

test('an answer of another shape is not taken for a fact', async () => {
  const html: RequestListener = (_request, response) => void response.end('<html>');
  await using server = await openScripted(json(200, { size: '5' }), html, html, html);
  await expect(server.storage.info(name)).rejects.toMatchObject({ code: 'PROVIDER_BAD_ANSWER' });
  await expect(server.storage.info(name)).rejects.toMatchObject({ code: 'PROVIDER_BAD_ANSWER' });
});

test('a server that redirects is not followed with the key in hand', async () => {
  const elsewhere: RequestListener = (_request, response) =>
    void response.writeHead(307, { location: 'http://127.0.0.1:9/' }).end();
  await using server = await openScripted(elsewhere);
  await expect(server.storage.info(name)).rejects.toMatchObject({
    code: 'PROVIDER_REJECTED',
    facts: { reason: 'the server redirects to another address' },
  });
});

test('a file is sent with its length and on a connection of its own', async () => {
  const seen: (string | undefined)[] = [];
  const answer: RequestListener = (request, response) => {
    seen.push(request.headers['content-length'], request.headers['transfer-encoding'], request.headers.connection);
    request.resume().on('end', () => response.end(JSON.stringify({ Id: 'i', Key: 'k' })));
  };
  await using server = await openScripted(answer);
  await using folder = await openFolder();
  await writeFile(folder.file('a.mp4'), Buffer.alloc(100_000));
  await server.storage.putFile(name, folder.file('a.mp4'), { contentType: 'video/mp4' });
  expect(Number(seen[0])).toBeGreaterThan(100_000);
  expect(seen.slice(1)).toEqual([undefined, 'close']);
});

test('links that are handed out begin with the public address', async () => {
  await using server = await openEmbeddedServer();
  const publicUrl = 'https://media.example/';
  const url = `${server.origin}/storage/v1`;
  const storage = supabaseStorage({ url, serviceKey: server.serviceKey, maxUploadBytes: 10, publicUrl });
  const contentType = 'video/mp4';
  const put = await storage.signUpload(name, { protocol: 'PUT', contentType, sizeBytes: 5 });
  const tus = await storage.signUpload(name, { protocol: 'TUS', contentType, sizeBytes: 5 });
  expect(put.url).toMatch('https://media.example/storage/v1/object/upload/sign/uploads/ws/u1/source/a.mp4?token=');
  expect(tus.url).toBe('https://media.example/storage/v1/upload/resumable/sign');
  expect([tus.chunkSizeBytes, tus.metadata]).toEqual([
    6 * 1024 * 1024,
    { bucketName: 'uploads', objectName: name.key, contentType, cacheControl: '3600' },
  ]);
});

test('a recording above the limit is too large, with both sizes', async () => {
  await using server = await openEmbeddedServer({ maxUploadBytes: 1000 });
  const sent = server.storage.put(name, Buffer.alloc(1001), { contentType: 'video/mp4' });
  await expect(sent).rejects.toMatchObject({ code: 'MEDIA_TOO_LARGE', facts: { sizeBytes: 1001, limitBytes: 1000 } });
});

interface MemoryWatch extends AsyncDisposable {
  /** Most memory that was in use, beyond what was in use at the start. */
  readonly peakBytes: number;
  readonly samples: number;
}

/** Looks again and again how much is really held: what only waits to be collected does not count. */
function openMemoryWatch(): MemoryWatch {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new Error('memory cannot be collected on demand');
  const held = () => {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const before = held();
  const watch = { peakBytes: 0, samples: 0 };
  const looking = setInterval(() => {
    watch.peakBytes = Math.max(watch.peakBytes, held() - before);
    watch.samples += 1;
  }, 200);
  return Object.assign(watch, { [Symbol.asyncDispose]: () => Promise.resolve(clearInterval(looking)) });
}

test('64 MiB go up from disk and come down again without being held in memory', async () => {
  await using server = await openEmbeddedServer();
  await using folder = await openFolder();
  const sizeBytes = 64 * 1024 ** 2;
  await writeFile(folder.file('long.mp4'), '');
  await truncate(folder.file('long.mp4'), sizeBytes);
  await using memory = openMemoryWatch();
  await server.storage.putFile(name, folder.file('long.mp4'), { contentType: 'video/mp4' });
  let received = 0;
  const bytes = (await server.storage.read(name)).on('data', (chunk: Uint8Array) => (received += chunk.length));
  await finished(bytes);
  expect(received).toBe(sizeBytes);
  expect(memory.samples).toBeGreaterThan(1);
  expect(memory.peakBytes).toBeLessThan(sizeBytes * 0.75);
});
