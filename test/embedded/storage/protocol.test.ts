import { StorageClient } from '@supabase/storage-js';
import { expect, test } from 'vitest';
import { ask, codeIn, type EmbeddedServer, openEmbeddedServer } from '../../support/storage.ts';

const clientOf = (server: EmbeddedServer): StorageClient =>
  new StorageClient(`${server.origin}/storage/v1`, { authorization: `Bearer ${server.serviceKey}` });

test('buckets are made, shown, changed, emptied and deleted', async () => {
  await using server = await openEmbeddedServer();
  const client = clientOf(server);
  expect((await client.createBucket('extra', { public: false, fileSizeLimit: '2MB' })).data).toEqual({ name: 'extra' });
  expect((await client.createBucket('extra', { public: false })).error).toMatchObject({
    code: 'BucketAlreadyExists',
    statusCode: '409',
  });
  await client.updateBucket('extra', { public: false, allowedMimeTypes: ['video/*'] });
  expect((await client.getBucket('extra')).data).toMatchObject({
    file_size_limit: 2_000_000,
    allowed_mime_types: ['video/*'],
  });
  expect((await client.listBuckets()).data?.map(({ id }) => id)).toContain('extra');
  await client.from('extra').upload('a.mp4', Buffer.from('x'), { contentType: 'video/mp4' });
  expect((await client.deleteBucket('extra')).error).toMatchObject({ code: 'ResourceNotEmpty' });
  await client.emptyBucket('extra');
  expect((await client.deleteBucket('extra')).error).toBeNull();
  expect((await client.getBucket('extra')).error).toMatchObject({
    code: 'NoSuchBucket',
    status: 400,
    statusCode: '404',
  });
});

test('objects are copied and moved, also to another bucket, and never onto one that is there', async () => {
  await using server = await openEmbeddedServer();
  const client = clientOf(server);
  const uploads = client.from('uploads');
  await uploads.upload('ws/a.txt', Buffer.from('hello'), { contentType: 'text/plain' });
  expect((await uploads.copy('ws/a.txt', 'ws/b.txt', { destinationBucket: 'clips' })).data).toEqual({
    path: 'clips/ws/b.txt',
  });
  expect((await uploads.copy('ws/a.txt', 'ws/b.txt', { destinationBucket: 'clips' })).error).toMatchObject({
    code: 'KeyAlreadyExists',
  });
  expect((await uploads.move('ws/a.txt', 'ws/c.txt')).error).toBeNull();
  expect((await uploads.move('ws/a.txt', 'ws/d.txt')).error).toMatchObject({ code: 'NoSuchKey' });
  expect(await (await client.from('clips').download('ws/b.txt')).data?.text()).toBe('hello');
  expect(await (await uploads.download('ws/c.txt')).data?.text()).toBe('hello');
});

test('a folder lists its objects with size and type and its folders without', async () => {
  await using server = await openEmbeddedServer();
  const clips = clientOf(server).from('clips');
  for (const key of ['ws/b.mp4', 'ws/a.mp4', 'ws/deep/c.mp4'])
    await clips.upload(key, Buffer.from(key), { contentType: 'video/mp4' });
  const { data } = await clips.list('ws');
  expect(data?.map(({ name, id, metadata }) => [name, id === null, metadata?.['size']])).toEqual([
    ['a.mp4', false, 8],
    ['b.mp4', false, 8],
    ['deep', true, undefined],
  ]);
  expect((await clips.list('ws', { search: 'B', limit: 1 })).data?.map(({ name }) => name)).toEqual(['b.mp4']);
  const page = await clips.listV2({ prefix: 'ws/', with_delimiter: true, limit: 2 });
  expect(page.data?.objects.map(({ name }) => name)).toEqual(['ws/a.mp4', 'ws/b.mp4']);
  expect(page.data?.hasNext).toBe(true);
});

test('many links are signed at once, and what is missing is said in its place', async () => {
  await using server = await openEmbeddedServer();
  const clips = clientOf(server).from('clips');
  await clips.upload('ws/a.mp4', Buffer.from('x'), { contentType: 'video/mp4' });
  const { data } = await clips.createSignedUrls(['ws/a.mp4', 'ws/missing.mp4', '../uploads/x'], 60);
  expect(data?.map(({ error }) => error === null)).toEqual([true, false, false]);
  expect((await fetch(data?.[0]?.signedUrl ?? '')).status).toBe(200);
});

test('a body that is no JSON, not what the call takes, or too long is refused', async () => {
  await using server = await openEmbeddedServer();
  const post = async (body: string) => ask(server, { method: 'POST', path: '/object/list/uploads', body });
  expect(codeIn(await post('{'))).toBe('InvalidRequest');
  expect(codeIn(await post('{"limit":"many"}'))).toBe('InvalidRequest');
  expect((await post(JSON.stringify({ prefix: 'x'.repeat(2 * 1024 ** 2) }))).status).toBe(413);
});

test('a path nobody serves is not found, and the status is open to all', async () => {
  await using server = await openEmbeddedServer();
  expect((await ask(server, { path: '/render/image/x' })).status).toBe(404);
  expect((await ask(server, { method: 'PATCH', path: '/bucket' })).status).toBe(404);
  expect((await ask(server, { path: '/status', headers: {} })).status).toBe(200);
});
