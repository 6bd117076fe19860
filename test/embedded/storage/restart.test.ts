import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { openFolder } from '#base/temp.ts';
import { ask, openEmbeddedServer } from '../../support/storage.ts';

const name = { bucket: 'transcripts', key: 'ws/u1/t.json' } as const;

test('everything stored, every key and every link outlives a restart', async () => {
  await using folder = await openFolder();
  const options = { folder: folder.path };
  const link = await (async () => {
    await using server = await openEmbeddedServer(options);
    await server.storage.put(name, '{"a":1}', { contentType: 'application/json' });
    const { url } = await server.storage.signDownload(name, { expiresInSeconds: 60 });
    return { path: url.slice(`${server.origin}/storage/v1`.length), serviceKey: server.serviceKey };
  })();
  await using server = await openEmbeddedServer(options);
  expect(server.serviceKey).toBe(link.serviceKey);
  expect(await text(await server.storage.read(name))).toBe('{"a":1}');
  expect((await ask(server, { path: link.path, headers: {} })).body.toString()).toBe('{"a":1}');
  const keys: string[] = [];
  for await (const { key } of server.storage.list('transcripts', 'ws')) keys.push(key);
  expect(keys).toEqual([name.key]);
});

test('an upload that was begun days ago is dropped at the next start', async () => {
  await using folder = await openFolder();
  const tusFolder = path.join(folder.path, 'tus');
  const begun = await (async () => {
    await using server = await openEmbeddedServer({ folder: folder.path });
    const wanted = { protocol: 'TUS', contentType: 'text/plain', sizeBytes: 9 } as const;
    const { url, headers } = await server.storage.signUpload(name, wanted);
    const metadata = `bucketName ${btoa(name.bucket)},objectName ${btoa(name.key)}`;
    const tus = { ...headers, 'tus-resumable': '1.0.0', 'upload-length': '9', 'upload-metadata': metadata };
    return (await fetch(url, { method: 'POST', headers: tus })).status;
  })();
  expect([begun, (await readdir(tusFolder)).length]).toEqual([201, 2]);
  await (await openEmbeddedServer({ folder: folder.path }))[Symbol.asyncDispose]();
  expect(await readdir(tusFolder)).toHaveLength(2);
  const file = path.join(tusFolder, (await readdir(tusFolder)).find((entry) => entry.endsWith('.json')) ?? '');
  const record = await readFile(file, 'utf8');
  await writeFile(file, record.replace(/"creation_date":"\d{4}/, '"creation_date":"2020'));
  await (await openEmbeddedServer({ folder: folder.path }))[Symbol.asyncDispose]();
  expect(await readdir(tusFolder)).toEqual([]);
});

test('bytes that were on their way when the process died are dropped at the next start', async () => {
  await using folder = await openFolder();
  const options = { folder: folder.path };
  await (await openEmbeddedServer(options))[Symbol.asyncDispose]();
  await writeFile(path.join(folder.path, 'tmp', 'half'), 'bytes');
  await using _ = await openEmbeddedServer(options);
  expect(await readdir(path.join(folder.path, 'tmp'))).toEqual([]);
});
