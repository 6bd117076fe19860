import { readdir, stat, writeFile } from 'node:fs/promises';
import { request as openRequest } from 'node:http';
import path from 'node:path';
import { expect, test } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { ask, openEmbeddedServer } from '../../support/storage.ts';
import { belowRoot, encoded, openTusTrial } from '../../support/tus-trial.ts';

const name = { bucket: 'uploads', key: 'ws/u1/source/a.mp4' } as const;
const wanted = { protocol: 'TUS', contentType: 'video/mp4', sizeBytes: 12 * 1024 ** 2 } as const;

test('an upload in parts becomes an object with its last byte', async () => {
  await using server = await openEmbeddedServer();
  const tus = await openTusTrial(server, name, wanted.sizeBytes);
  const { status, headers } = await tus.create(10);
  expect(status).toBe(201);
  expect(headers.location).toMatch(`${server.origin}/storage/v1/upload/resumable/sign/`);
  const half = await tus.send('PATCH', headers.location, { offset: 0, body: '01234' });
  expect([half.status, half.headers['upload-offset']]).toEqual([204, '5']);
  expect(await server.storage.info(name)).toBeNull();
  await tus.send('PATCH', headers.location, { offset: 5, body: '56789' });
  expect(await server.storage.info(name)).toEqual({ sizeBytes: 10, contentType: 'video/mp4' });
});

test('a client that lost the last answer learns that all arrived, and deleting the object stays deleted', async () => {
  await using server = await openEmbeddedServer();
  const tus = await openTusTrial(server, name, wanted.sizeBytes);
  const { location } = (await tus.create(3)).headers;
  await tus.send('PATCH', location, { offset: 0, body: 'abc' });
  const head = await tus.send('HEAD', location);
  expect([head.status, head.headers['upload-offset'], head.headers['upload-length']]).toEqual([200, '3', '3']);
  expect((await tus.send('PATCH', location, { offset: 3, body: '' })).status).toBe(204);
  await server.storage.remove('uploads', [name.key]);
  expect((await tus.send('HEAD', location)).status).toBe(404);
  expect(await server.storage.info(name)).toBeNull();
});

test('removing an object leaves none of its bytes, also where they came by tus or only in part', async () => {
  await using server = await openEmbeddedServer();
  const tus = await openTusTrial(server, name, wanted.sizeBytes);
  const files = async () =>
    (await readdir(server.folder, { recursive: true })).filter((file) => /[0-9a-f-]{32}/.test(file));
  const [whole, half] = [await tus.create(3), await tus.create(3)].map(({ headers }) => headers.location);
  await tus.send('PATCH', half, { offset: 0, body: 'a' });
  await tus.send('PATCH', whole, { offset: 0, body: 'abc' });
  expect(await files()).not.toEqual([]);
  await server.storage.remove('uploads', [name.key]);
  expect(await server.storage.info(name)).toBeNull();
  expect((await tus.send('HEAD', whole)).status, 'the whole one').toBe(404);
  await server.storage.remove('uploads', [name.key]);
  expect((await tus.send('HEAD', half)).status, 'the half one').toBe(404);
  expect(await files()).toEqual([]);
});

test('a connection cut in the middle of a part keeps the bytes that came', async () => {
  await using server = await openEmbeddedServer();
  const tus = await openTusTrial(server, name, wanted.sizeBytes);
  const { location = '' } = (await tus.create(10)).headers;
  const cut = openRequest(location, {
    method: 'PATCH',
    headers: {
      'tus-resumable': '1.0.0',
      ...tus.target.headers,
      'upload-offset': '0',
      'content-type': 'application/offset+octet-stream',
      'content-length': '10',
    },
  });
  cut.on('error', () => {});
  cut.write('0123');
  const file = path.join(server.folder, 'tus', path.basename(location));
  await eventually(async () => expect((await stat(file)).size).toBe(4));
  cut.destroy();
  const head = await tus.send('HEAD', location);
  expect(head.headers['upload-offset']).toBe('4');
  await tus.send('PATCH', location, { offset: 4, body: '456789' });
  expect((await ask(server, { path: `/object/uploads/${name.key}` })).body.toString()).toBe('0123456789');
});

test('an upload whose last byte came just before a crash becomes an object when its client asks again', async () => {
  await using server = await openEmbeddedServer();
  const tus = await openTusTrial(server, name, wanted.sizeBytes);
  const { location = '' } = (await tus.create(3)).headers;
  await writeFile(path.join(server.folder, 'tus', path.basename(location)), 'abc');
  expect(await server.storage.info(name)).toBeNull();
  expect((await tus.send('HEAD', location)).headers['upload-offset']).toBe('3');
  expect(await server.storage.info(name)).toEqual({ sizeBytes: 3, contentType: 'video/mp4' });
});

test('a token of another object may neither begin, continue, see nor end an upload', async () => {
  await using server = await openEmbeddedServer();
  const tus = await openTusTrial(server, name, wanted.sizeBytes);
  const other = await server.storage.signUpload({ ...name, key: 'ws/u1/source/b.mp4' }, wanted);
  const token = other.headers['x-signature'] ?? '';
  const { location } = (await tus.create(10)).headers;
  expect((await tus.create(10, { 'upload-metadata': encoded(other.metadata) })).status).toBe(400);
  expect((await tus.send('HEAD', location, { token })).status).toBe(400);
  expect((await tus.send('PATCH', location, { offset: 0, body: 'x', token })).status).toBe(400);
  expect((await tus.send('DELETE', location, { token })).status).toBe(400);
  expect((await tus.send('HEAD', location, { token: 'garbage' })).status).toBe(400);
  expect((await tus.send('HEAD', location)).headers['upload-offset']).toBe('0');
});

test('what a call may do is looked up for the very upload that it touches', async () => {
  await using server = await openEmbeddedServer();
  const mine = await openTusTrial(server, name, wanted.sizeBytes);
  const theirs = await openTusTrial(server, { ...name, key: 'ws/u1/source/b.mp4' }, wanted.sizeBytes);
  const [own = '', foreign = ''] = [(await mine.create(3)).headers.location, (await theirs.create(3)).headers.location];
  const disguised = `${new URL(own).pathname.slice('/storage/v1'.length)}?/${path.basename(foreign)}`;
  const headers = { 'tus-resumable': '1.0.0', ...mine.target.headers };
  await ask(server, { method: 'DELETE', path: disguised, headers });
  expect((await theirs.send('HEAD', foreign)).headers['upload-offset']).toBe('0');
});

test('no upload to another object begins at the address of an upload', async () => {
  await using server = await openEmbeddedServer();
  const tus = await openTusTrial(server, name, wanted.sizeBytes);
  const { location = '' } = (await tus.create(3)).headers;
  const begun = await ask(server, {
    method: 'POST',
    path: belowRoot(location),
    headers: {
      'tus-resumable': '1.0.0',
      ...tus.target.headers,
      'upload-length': '3',
      'upload-metadata': encoded({ bucketName: 'clips', objectName: 'theirs/b.mp4' }),
      'content-type': 'application/offset+octet-stream',
    },
    body: 'abc',
  });
  expect(begun.status).toBe(404);
  expect(await server.storage.info({ bucket: 'clips', key: 'theirs/b.mp4' })).toBeNull();
});

test('without a token or a key nothing begins, and nothing is handed out', async () => {
  await using server = await openEmbeddedServer();
  const tus = await openTusTrial(server, name, wanted.sizeBytes);
  const { location = '' } = (await tus.create(3)).headers;
  await tus.send('PATCH', location, { offset: 0, body: 'abc' });
  const bare = { 'tus-resumable': '1.0.0', 'upload-length': '1', 'upload-metadata': encoded(tus.target.metadata) };
  expect((await ask(server, { method: 'POST', path: '/upload/resumable', headers: bare })).status).toBe(400);
  expect((await ask(server, { method: 'HEAD', path: belowRoot(location), headers: bare })).status).toBe(400);
  expect((await tus.send('GET', location)).status).toBe(404);
  for (const id of ['../../buckets/uploads', '..%2f..%2fbuckets%2fuploads', 'uploads.json', '0'.repeat(32)]) {
    expect((await tus.send('HEAD', `${tus.target.url}/${id}`)).status).toBe(404);
  }
});

test('the service key uploads without a signature', async () => {
  await using server = await openEmbeddedServer();
  const metadata = encoded({ bucketName: 'clips', objectName: 'ws/c.mp4', contentType: 'video/mp4' });
  const headers = { authorization: `Bearer ${server.serviceKey}`, 'tus-resumable': '1.0.0' };
  const answer = await ask(server, {
    method: 'POST',
    path: '/upload/resumable',
    headers: {
      ...headers,
      'upload-length': '2',
      'upload-metadata': metadata,
      'content-type': 'application/offset+octet-stream',
    },
    body: 'ok',
  });
  expect([answer.status, answer.headers['upload-offset']]).toEqual([201, '2']);
  expect(await server.storage.info({ bucket: 'clips', key: 'ws/c.mp4' })).toEqual({
    sizeBytes: 2,
    contentType: 'video/mp4',
  });
});

test('sizes, offsets and versions that cannot be are refused', async () => {
  await using server = await openEmbeddedServer({ maxUploadBytes: 100 });
  const tus = await openTusTrial(server, name, wanted.sizeBytes);
  expect((await tus.create(101)).status).toBe(413);
  const { location } = (await tus.create(4)).headers;
  expect((await tus.send('PATCH', location, { offset: 0, body: '01234' })).status).toBe(413);
  expect((await tus.send('PATCH', location, { offset: 2, body: '23' })).status).toBe(409);
  expect(
    (await ask(server, { method: 'HEAD', path: belowRoot(location ?? ''), headers: tus.target.headers })).status,
  ).toBe(412);
});

test('of two uploads to one name the first complete one is the object, and the other learns it', async () => {
  await using server = await openEmbeddedServer();
  const tus = await openTusTrial(server, name, wanted.sizeBytes);
  const [first, second] = [await tus.create(5), await tus.create(5)].map(({ headers }) => headers.location);
  expect((await tus.send('PATCH', second, { offset: 0, body: 'later' })).status).toBe(204);
  expect((await tus.send('PATCH', first, { offset: 0, body: 'first' })).status).toBe(409);
  expect((await ask(server, { path: `/object/uploads/${name.key}` })).body.toString()).toBe('later');
});

test('a finished upload cannot be ended, an unfinished one can', async () => {
  await using server = await openEmbeddedServer();
  const tus = await openTusTrial(server, name, wanted.sizeBytes);
  const [finished, unfinished] = [await tus.create(1), await tus.create(1)].map(({ headers }) => headers.location);
  await tus.send('PATCH', finished, { offset: 0, body: 'x' });
  expect((await tus.send('DELETE', finished)).status).toBe(400);
  expect((await tus.send('DELETE', unfinished)).status).toBe(204);
  expect((await tus.send('HEAD', unfinished)).status).toBe(404);
});

test('a whole part at a wrong offset is answered, not cut off', async () => {
  await using server = await openEmbeddedServer();
  const tus = await openTusTrial(server, name, wanted.sizeBytes);
  const { location } = (await tus.create(12 * 1024 ** 2)).headers;
  const body = 'x'.repeat(6 * 1024 ** 2);
  expect((await tus.send('PATCH', location, { offset: 6 * 1024 ** 2, body })).status).toBe(409);
  expect((await tus.send('PATCH', location, { offset: 0, body })).headers['upload-offset']).toBe(String(6 * 1024 ** 2));
});
