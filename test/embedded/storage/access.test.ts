import { SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { ask, codeIn, type EmbeddedServer, openEmbeddedServer, type RawRequest } from '../../support/storage.ts';

const name = { bucket: 'uploads', key: 'ws/u1/source/a.mp4' } as const;
const address = `${name.bucket}/${name.key}`;

async function openWithObject(): Promise<EmbeddedServer> {
  const server = await openEmbeddedServer();
  await server.storage.put(name, 'secret', { contentType: 'video/mp4' });
  return server;
}

const forge = (server: EmbeddedServer, claims: Record<string, unknown>, secret = server.secret): Promise<string> =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret));

const inFuture = Math.floor(Date.now() / 1000) + 3600;
const unsigned = (claims: Record<string, unknown>): string =>
  [{ alg: 'none' }, { exp: inFuture, ...claims }, '']
    .map((part) => (part === '' ? '' : Buffer.from(JSON.stringify(part)).toString('base64url')))
    .join('.');

test('only the service key may do anything without a link', async () => {
  await using server = await openWithObject();
  const calls: RawRequest[] = [
    { path: '/bucket' },
    { path: `/object/${address}` },
    { path: `/object/info/${address}` },
    { method: 'POST', path: `/object/${address}`, body: 'x' },
    { method: 'DELETE', path: `/object/${address}` },
    { method: 'DELETE', path: '/object/uploads', body: JSON.stringify({ prefixes: [name.key] }) },
    { method: 'POST', path: '/object/list/uploads', body: '{}' },
    { method: 'POST', path: `/object/sign/${address}`, body: '{"expiresIn":60}' },
    { method: 'POST', path: `/object/upload/sign/ws/u1/b.mp4` },
    { method: 'POST', path: '/object/copy', body: '{}' },
  ];
  const link = new URL((await server.storage.signDownload(name, { expiresInSeconds: 60 })).url).searchParams.get(
    'token',
  );
  const tokens = [link, unsigned({ role: 'service_role' }), await forge(server, { role: 'anon' }), 'garbage'];
  const foreign = await forge(server, { role: 'service_role' }, 'another secret of thirty-two bytes or more');
  for (const call of calls) {
    expect(codeIn(await ask(server, { ...call, headers: {} }))).toBe('Unauthenticated');
    for (const token of [...tokens, foreign]) {
      const answer = await ask(server, { ...call, headers: { authorization: `Bearer ${token}` } });
      expect(codeIn(answer)).toMatch(/^(AccessDenied|InvalidJWT)$/);
    }
  }
  expect(await server.storage.info(name)).not.toBeNull();
});

test('a link does one thing, to one object, until it ends', async () => {
  await using server = await openWithObject();
  const get = async (claims: Record<string, unknown>, path = address): Promise<unknown> => {
    const answer = await ask(server, {
      path: `/object/sign/${path}?token=${await forge(server, claims)}`,
      headers: {},
    });
    return answer.status === 200 ? 'served' : codeIn(answer);
  };
  const grant = { scope: 'download', url: address };
  expect(await get(grant)).toBe('served');
  expect(await get(grant, 'uploads/ws/u1/source/b.mp4')).toBe('InvalidSignature');
  expect(await get(grant, 'clips/ws/u1/source/a.mp4')).toBe('InvalidSignature');
  expect(await get({ ...grant, scope: 'upload' })).toBe('InvalidJWT');
  expect(await get({ ...grant, role: 'service_role' })).toBe('InvalidJWT');
  expect(await get({ ...grant, url: undefined })).toBe('InvalidJWT');
  const plain = await ask(server, { path: `/object/sign/${address}?token=${unsigned(grant)}`, headers: {} });
  expect(codeIn(plain)).toBe('InvalidJWT');
  expect(codeIn(await ask(server, { path: `/object/sign/${address}`, headers: {} }))).toBe('InvalidJWT');
});

test('an expired link is refused', async () => {
  await using server = await openWithObject();
  const expired = await new SignJWT({ scope: 'download', url: address })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime(Math.floor(Date.now() / 1000) - 1)
    .sign(new TextEncoder().encode(server.secret));
  expect(codeIn(await ask(server, { path: `/object/sign/${address}?token=${expired}`, headers: {} }))).toBe(
    'InvalidJWT',
  );
});

test('a download link cannot upload, and an upload link decides by itself whether it may replace', async () => {
  await using server = await openWithObject();
  const put = async (claims: Record<string, unknown>): Promise<number> => {
    const path = `/object/upload/sign/${address}?token=${await forge(server, { url: address, sizeBytes: 3, ...claims })}`;
    return (await ask(server, { method: 'PUT', path, headers: { 'x-upsert': 'true' }, body: 'new' })).status;
  };
  expect(await put({ scope: 'download' })).toBe(400);
  expect(await put({ scope: 'upload', upsert: false })).toBe(400);
  expect(await put({ scope: 'upload', upsert: true, sizeBytes: undefined })).toBe(400);
  expect(await put({ scope: 'upload', upsert: true })).toBe(200);
});

test('no raw path leaves its bucket or names something that is no key', async () => {
  await using server = await openWithObject();
  const paths = [
    '/object/clips/../uploads/ws/u1/source/a.mp4',
    '/object/clips/%2e%2e/uploads/ws/u1/source/a.mp4',
    '/object/clips/..%2fuploads/ws/u1/source/a.mp4',
    '/object/clips/.%2e/.%2e/buckets/uploads.json',
    '/object/../../etc/passwd',
    '/object/clips//etc/passwd',
    '/object/clips/./x',
    '/object/clips/x/',
    '/object/clips/x%00.mp4',
    '/object/clips/..%5c..%5cx',
    '/object/clips/%zz',
    '/object/clips/a%2Fb',
    '/object/%2e%2e/x',
    '/object/Clips/x',
    `/object/clips/${'a'.repeat(1025)}`,
    '/object/clips/%F0%9F%8E%AC',
  ];
  for (const path of paths) {
    expect(codeIn(await ask(server, { path }))).toMatch(/^Invalid(Key|BucketName)$|^NoSuchRoute$/);
    const upload = await ask(server, { method: 'POST', path, body: 'x' });
    expect(codeIn(upload)).toMatch(/^Invalid(Key|BucketName)$|^NoSuchRoute$/);
  }
  const relocation = { bucketId: 'clips', sourceKey: '../uploads/x', destinationKey: 'y' };
  const copied = await ask(server, { method: 'POST', path: '/object/copy', body: JSON.stringify(relocation) });
  expect(codeIn(copied)).toBe('InvalidRequest');
});

test('a stored page comes back as text that no browser runs', async () => {
  await using server = await openEmbeddedServer();
  const page = { bucket: 'images', key: 'ws/page.svg' } as const;
  await server.storage.put(page, '<svg onload="alert(1)"/>', { contentType: 'image/svg+xml' });
  const { url } = await server.storage.signDownload(page, { expiresInSeconds: 60 });
  const { headers } = await fetch(url);
  expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
});
