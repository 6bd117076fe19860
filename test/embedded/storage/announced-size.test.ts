import { readdir, stat } from 'node:fs/promises';
import { type ClientRequest, request as openRequest } from 'node:http';
import path from 'node:path';
import { expect, test } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { answerTo, ask, codeIn, type EmbeddedServer, openEmbeddedServer } from '../../support/storage.ts';
import { belowRoot, encoded, openTusTrial, type TusTrial } from '../../support/tus-trial.ts';

const name = { bucket: 'uploads', key: 'ws/u1/source/a.mp4' } as const;
const announced = 5;

const putTarget = async (server: EmbeddedServer): Promise<string> =>
  (await server.storage.signUpload(name, { protocol: 'PUT', contentType: 'video/mp4', sizeBytes: announced })).url;

const openPut = (url: string, headers: Record<string, string> = {}): ClientRequest =>
  openRequest(url, { method: 'PUT', headers: { 'content-type': 'video/mp4', ...headers } }).on('error', () => {});

/** A PATCH whose bytes the test sends, with no length said. */
const openPatch = (trial: TusTrial, location = ''): ClientRequest =>
  openRequest(location, {
    method: 'PATCH',
    headers: {
      ...trial.target.headers,
      'tus-resumable': '1.0.0',
      'upload-offset': '0',
      'content-type': 'application/offset+octet-stream',
      'transfer-encoding': 'chunked',
    },
  }).on('error', () => {});

const closed = (request: ClientRequest): Promise<void> =>
  new Promise((resolve) => request.once('close', () => resolve()));

const filesIn = (server: EmbeddedServer, folder: string): Promise<string[]> =>
  readdir(path.join(server.folder, folder));

const storedBytes = async (server: EmbeddedServer): Promise<number> => {
  const files = (await filesIn(server, 'tus')).filter((file) => !file.endsWith('.json'));
  const sizes = await Promise.all(files.map((file) => stat(path.join(server.folder, 'tus', file))));
  return sizes.reduce((sum, { size }) => sum + size, 0);
};

test('one PUT takes as many bytes as were announced, and not one more, whatever its headers say', async () => {
  await using server = await openEmbeddedServer();
  const url = await putTarget(server);
  const [more, unsaid, exact] = [openPut(url, { 'content-length': '6' }), openPut(url), openPut(url)];
  more.end('123456');
  expect(codeIn(await answerTo(more))).toBe('EntityTooLarge');
  unsaid.write('12345');
  unsaid.end('6');
  expect(codeIn(await answerTo(unsaid))).toBe('EntityTooLarge');
  const form = new FormData();
  form.append('', new File(['123456'], 'talk.mp4', { type: 'video/mp4' }));
  const sent = await fetch(url, { method: 'PUT', body: form });
  expect(await sent.json()).toMatchObject({ code: 'EntityTooLarge' });
  expect(await filesIn(server, 'tmp')).toEqual([]);
  exact.end('12345');
  expect((await answerTo(exact)).status).toBe(200);
});

test('tus begins no upload of more bytes than were announced', async () => {
  await using server = await openEmbeddedServer();
  const trial = await openTusTrial(server, name, announced);
  for (const length of [announced + 1, 8_000_000_000]) expect((await trial.create(length)).status).toBe(413);
  expect(await filesIn(server, 'tus')).toEqual([]);
  expect((await trial.create(announced)).status).toBe(201);
});

test('an upload that leaves its length open takes as many bytes as were announced, and can say no more', async () => {
  await using server = await openEmbeddedServer();
  const trial = await openTusTrial(server, name, announced);
  const { location = '' } = (await trial.create(null)).headers;
  expect((await trial.send('PATCH', location, { offset: 0, body: '123456' })).status).toBe(413);
  const unsaid = openPatch(trial, location);
  unsaid.write('123');
  await eventually(async () => expect(await storedBytes(server)).toBe(3));
  unsaid.end('456');
  expect((await answerTo(unsaid)).status).toBe(413);
  const declared = await trial.send('PATCH', location, { offset: 3, body: '45', length: announced + 1 });
  expect(declared.status).toBe(413);
  expect(await storedBytes(server)).toBe(3);
  expect((await trial.send('PATCH', location, { offset: 3, body: '45', length: announced })).status).toBe(204);
  expect(await server.storage.info(name)).toMatchObject({ sizeBytes: announced });
});

test('an upload that somebody else began for more bytes takes none by this target', async () => {
  await using server = await openEmbeddedServer();
  const trial = await openTusTrial(server, name, announced);
  const { location } = (await (await openTusTrial(server, name, announced + 1)).create(announced + 1)).headers;
  expect((await trial.send('PATCH', location, { offset: 0, body: '1' })).status).toBe(413);
  expect((await trial.send('HEAD', location)).headers['upload-offset']).toBe('0');
});

test('a target is signed for a number of bytes, and none without', async () => {
  await using server = await openEmbeddedServer();
  const sign = async (headers: Record<string, string>) =>
    ask(server, {
      method: 'POST',
      path: `/object/upload/sign/${name.bucket}/${name.key}`,
      headers: { authorization: `Bearer ${server.serviceKey}`, ...headers },
    });
  for (const length of [{}, ...['', '0', '-1', '1.5', '1e3', 'many'].map((text) => ({ 'x-upload-length': text }))]) {
    expect(codeIn(await sign(length))).toBe('InvalidRequest');
  }
  expect((await sign({ 'x-upload-length': '1' })).status).toBe(200);
});

test('of the unfinished uploads of one object the two newest stay, and what went takes no more bytes', async () => {
  await using server = await openEmbeddedServer();
  const trial = await openTusTrial(server, name, announced);
  const begin = async (): Promise<string> => {
    const { location = '' } = (await trial.create(announced)).headers;
    await trial.send('PATCH', location, { offset: 0, body: '123' });
    return location;
  };
  const [first, second] = [await begin(), await begin()];
  expect((await trial.send('HEAD', first)).headers['upload-offset'], 'two at once go on').toBe('3');
  const third = await begin();
  const other = await openTusTrial(server, { ...name, key: 'ws/u1/source/b.mp4' }, announced);
  expect((await other.create(announced)).status).toBe(201);
  expect((await trial.send('HEAD', first)).status).toBe(404);
  expect((await trial.send('PATCH', first, { offset: 3, body: '45' })).status).toBe(404);
  for (const location of [second, third])
    expect((await trial.send('HEAD', location)).headers['upload-offset']).toBe('3');
  expect(await storedBytes(server)).toBe(6);
});

test('an upload that was ended or finished takes no place from the others', async () => {
  await using server = await openEmbeddedServer();
  const trial = await openTusTrial(server, name, announced);
  const begin = async () => (await trial.create(announced)).headers.location;
  const kept = await begin();
  for (let round = 0; round < 3; round += 1) {
    expect((await trial.send('DELETE', await begin())).status).toBe(204);
    expect((await trial.send('HEAD', kept)).status).toBe(200);
  }
});

test('many that begin at once leave two, and the bytes of two', async () => {
  await using server = await openEmbeddedServer();
  const trial = await openTusTrial(server, name, announced);
  const begun = await Promise.all(Array.from({ length: 24 }, () => trial.create(announced)));
  expect(new Set(begun.map(({ status }) => status))).toEqual(new Set([201]));
  const sent = await Promise.all(
    begun.map(({ headers }) => trial.send('PATCH', headers.location, { offset: 0, body: '1234' })),
  );
  expect(sent.filter(({ status }) => status === 204)).toHaveLength(2);
  expect(sent.filter(({ status }) => status === 404)).toHaveLength(22);
  const files = await filesIn(server, 'tus');
  expect(files.filter((file) => file.endsWith('.json'))).toHaveLength(2);
  expect(files).toHaveLength(4);
  expect(await storedBytes(server)).toBe(8);
});

test('an upload that makes room is cut off while it sends, and keeps no bytes', async () => {
  await using server = await openEmbeddedServer();
  const trial = await openTusTrial(server, name, announced);
  const sending = openPatch(trial, (await trial.create(announced)).headers.location);
  sending.write('1234');
  await eventually(async () => expect(await storedBytes(server)).toBe(4));
  const cut = closed(sending);
  await trial.create(announced);
  await trial.create(announced);
  await cut;
  expect(await storedBytes(server)).toBe(0);
});

test('an upload that makes room while its creation still sends is cut off, too', async () => {
  await using server = await openEmbeddedServer();
  const trial = await openTusTrial(server, name, announced);
  const creation = openRequest(trial.target.url, {
    method: 'POST',
    headers: {
      ...trial.target.headers,
      'tus-resumable': '1.0.0',
      'upload-length': String(announced),
      'upload-metadata': encoded(trial.target.metadata),
      'content-type': 'application/offset+octet-stream',
      'transfer-encoding': 'chunked',
    },
  }).on('error', () => {});
  creation.write('1234');
  await eventually(async () => expect(await storedBytes(server)).toBe(4));
  const cut = closed(creation);
  await trial.create(announced);
  await trial.create(announced);
  await cut;
  expect(await storedBytes(server)).toBe(0);
});

test('of the PUTs to one target the two newest go on, and the others are cut off', async () => {
  await using server = await openEmbeddedServer();
  const url = await putTarget(server);
  const begin = async (standing: number): Promise<ClientRequest> => {
    const put = openPut(url);
    put.write('1234');
    await eventually(async () => expect(await filesIn(server, 'tmp')).toHaveLength(standing));
    return put;
  };
  const first = await begin(1);
  const [cut, second] = [closed(first), await begin(2)];
  const third = openPut(url);
  third.write('1234');
  await cut;
  await eventually(async () => expect(await filesIn(server, 'tmp')).toHaveLength(2));
  second.end('5');
  expect((await answerTo(second)).status).toBe(200);
  third.end('5');
  expect(codeIn(await answerTo(third))).toBe('KeyAlreadyExists');
  expect(await filesIn(server, 'tmp')).toEqual([]);
});

test('an upload goes on with a renewed target, which holds for as many bytes', async () => {
  await using server = await openEmbeddedServer();
  const [begun, renewed] = [await openTusTrial(server, name, announced), await openTusTrial(server, name, announced)];
  const { location = '' } = (await begun.create(announced)).headers;
  await begun.send('PATCH', location, { offset: 0, body: '123' });
  expect((await renewed.create(announced + 1)).status).toBe(413);
  expect(belowRoot(location)).toContain('/sign/');
  expect((await renewed.send('PATCH', location, { offset: 3, body: '45' })).status).toBe(204);
  expect(await server.storage.info(name)).toMatchObject({ sizeBytes: announced });
});
