import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { openLog, withCorrelation } from '#base/log.ts';
import { supabaseStorage } from '#providers/object-storage.supabase.ts';
import { openEmbeddedServer, originOf } from '../support/storage.ts';

const name = { bucket: 'exports', key: 'ws/u1/export.zip' } as const;
const other = { bucket: 'uploads', key: 'ws/u1/source/a.mp4' } as const;
const contentType = 'application/zip';
const cleanup = new AsyncDisposableStack();
afterAll(() => cleanup.disposeAsync());

const line = z.looseObject({ what: z.string().optional(), level: z.number(), correlationId: z.string().optional() });

/** What the log of one request says while storage is asked. */
async function told(body: () => Promise<unknown>, level: string, written: string[]) {
  written.length = 0;
  await withCorrelation({ correlationId: `at-${level}` }, body);
  return written.map((text) => line.parse(JSON.parse(text)));
}

/** The embedded storage, asked with a log. */
async function openLogged(level: string) {
  const { origin, serviceKey } = cleanup.use(await openEmbeddedServer());
  const written: string[] = [];
  const log = openLog(level, { write: (text) => written.push(text) });
  const storage = supabaseStorage({ url: `${origin}/storage/v1`, serviceKey, maxUploadBytes: 1_000_000, log });
  return { storage, serviceKey, written };
}

test('each call leaves a line with the id of the request, and none of them a key or a signature', async () => {
  const { storage, serviceKey, written } = await openLogged('debug');
  const secrets: string[] = [serviceKey];
  const lines = await told(
    async () => {
      await storage.put(name, Buffer.alloc(5), { contentType });
      await storage.info(name);
      (await storage.read(name)).destroy();
      const link = await storage.signDownload(name, { expiresInSeconds: 60 });
      const put = await storage.signUpload(other, { protocol: 'PUT', contentType, sizeBytes: 5 });
      const tus = await storage.signUpload(other, { protocol: 'TUS', contentType, sizeBytes: 5 });
      for (const { url } of [link, put]) secrets.push(new URL(url).searchParams.get('token') ?? '');
      secrets.push(tus.headers['x-signature'] ?? '');
      for await (const _ of storage.list(name.bucket, 'ws/u1'));
      await storage.remove(name.bucket, [name.key]);
    },
    'debug',
    written,
  );
  const whats = ['store', 'info', 'read', 'sign-download', 'sign-upload', 'sign-upload', 'list', 'remove'];
  expect(lines.map(({ what }) => what)).toEqual(whats);
  expect(new Set(lines.map(({ correlationId }) => correlationId))).toEqual(new Set(['at-debug']));
  expect(secrets.filter((secret) => secret.length < 20 || written.join('').includes(secret))).toEqual([]);
});

test('at the usual level only what storage keeps or loses is told', async () => {
  const { storage, written } = await openLogged('info');
  const lines = await told(
    async () => {
      await storage.put(name, Buffer.alloc(5), { contentType });
      await storage.signDownload(name, { expiresInSeconds: 60 });
      await storage.remove(name.bucket, [name.key]);
    },
    'info',
    written,
  );
  expect(lines.map(({ what }) => what)).toEqual(['store', 'remove']);
});

test('a call that is made again warns, without the secrets that a server repeats in its answer', async () => {
  const token = `eyJhbGciOiJIUzI1NiJ9.${'a'.repeat(40)}.${'b'.repeat(43)}`;
  const answers = [
    { status: 500, body: { message: `no room for /object/sign/exports/a.zip?token=${token}, key ${token}` } },
    { status: 200, body: { size: 5, content_type: contentType } },
  ];
  const server = createServer((_request, response) => {
    const { status, body } = answers.shift() ?? { status: 404, body: {} };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanup.defer(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const written: string[] = [];
  const log = openLog('debug', { write: (text) => written.push(text) });
  const storage = supabaseStorage({
    url: `${originOf(server)}/storage/v1`,
    serviceKey: token,
    maxUploadBytes: 1_000,
    log,
  });
  const lines = await told(() => storage.info(name), 'debug', written);
  expect(lines).toMatchObject([
    { level: 40, what: 'info', correlationId: 'at-debug', msg: 'an outside call failed and is tried again' },
    { level: 20, what: 'info', correlationId: 'at-debug', msg: 'an outside call was answered' },
  ]);
  expect(written.join('')).toContain('no room for');
  expect(written.join('')).not.toContain(token);
});
