import { createHash } from 'node:crypto';
import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { Problem } from '#base/problem.ts';
import { type Folder, openFolder } from '#base/temp.ts';
import { fetchModel, whisperModels } from '#providers/whisper/model.ts';
import { eventually } from '../../support/eventually.ts';
import { openFileServer } from '../../support/file-server.ts';

const bytes = Buffer.alloc(900_000, 'a model of whisper ');
const model = { name: 'small', sha1: createHash('sha1').update(bytes).digest('hex'), sizeMiB: 1 };
const calm = () => new AbortController().signal;
const log = pino({ level: 'silent' });
const wait = async (): Promise<void> => {};

test('a model is fetched once and stays', async () => {
  await using folder = await openFolder();
  await using server = await openFileServer(bytes);
  const source = { model, baseUrl: `${server.baseUrl}/`, folder: folder.file('models'), log, wait };
  const file = await fetchModel(source, calm());
  expect(await fetchModel(source, calm())).toBe(file);
  expect((await readFile(file)).equals(bytes)).toBe(true);
  expect(server.requests).toEqual([{ path: '/models/ggml-small.bin', range: null }]);
  expect(await readdir(folder.file('models'))).toEqual(['ggml-small.bin']);
});

/** Bytes of the part file, once there are some: nobody tells when a download has been written down. */
const partBytes = (folder: Folder): Promise<number> =>
  eventually(async () => {
    const { size } = await stat(folder.file('ggml-small.bin.part'));
    expect(size).toBeGreaterThan(0);
    return size;
  });

test('a download that is cut goes on where it ended', async () => {
  await using folder = await openFolder();
  await using server = await openFileServer(bytes);
  server.script({ stallAfter: 300_000 });
  const call = fetchModel({ model, baseUrl: server.baseUrl, folder: folder.path, log, wait }, calm());
  const kept = await partBytes(folder);
  server.drop();
  expect((await readFile(await call)).equals(bytes)).toBe(true);
  expect(server.requests).toHaveLength(2);
  expect(Number(/\d+/.exec(server.requests[1]?.range ?? '')?.[0])).toBeGreaterThanOrEqual(kept);
});

test('cancelling a download keeps what has arrived and frees the lock', async () => {
  await using folder = await openFolder();
  await using server = await openFileServer(bytes);
  server.script({ stallAfter: 300_000 });
  const stop = new AbortController();
  const call = fetchModel({ model, baseUrl: server.baseUrl, folder: folder.path, log, wait }, stop.signal);
  await partBytes(folder);
  stop.abort(new Problem('CANCELED'));
  await expect(call).rejects.toMatchObject({ code: 'CANCELED' });
  expect(await readdir(folder.path)).toEqual(['ggml-small.bin.part']);
});

test('a later process goes on with what an earlier one left', async () => {
  await using folder = await openFolder();
  await using server = await openFileServer(bytes);
  await writeFile(folder.file('ggml-small.bin.part'), bytes.subarray(0, 500_000));
  await fetchModel({ model, baseUrl: server.baseUrl, folder: folder.path, log, wait }, calm());
  expect(server.requests.map((request) => request.range)).toEqual(['bytes=500000-']);
});

test('a download that was complete but not named is only checked', async () => {
  await using folder = await openFolder();
  await using server = await openFileServer(bytes);
  await writeFile(folder.file('ggml-small.bin.part'), bytes);
  await fetchModel({ model, baseUrl: server.baseUrl, folder: folder.path, log, wait }, calm());
  expect(server.requests).toHaveLength(1);
  expect(await readdir(folder.path)).toEqual(['ggml-small.bin']);
});

test('a host without ranges is asked for everything again', async () => {
  await using folder = await openFolder();
  await using server = await openFileServer(bytes, { ranges: false });
  await writeFile(folder.file('ggml-small.bin.part'), 'what an earlier download left');
  const file = await fetchModel({ model, baseUrl: server.baseUrl, folder: folder.path, log, wait }, calm());
  expect((await readFile(file)).equals(bytes)).toBe(true);
});

test('bytes with a wrong checksum are thrown away and fetched anew', async () => {
  await using folder = await openFolder();
  await using server = await openFileServer(bytes);
  server.script({ bytes: Buffer.from('<html>please log in</html>') });
  const file = await fetchModel({ model, baseUrl: server.baseUrl, folder: folder.path, log, wait }, calm());
  expect((await readFile(file)).equals(bytes)).toBe(true);
  expect(server.requests.map((request) => request.range)).toEqual([null, null]);
});

test('a host that only has other bytes leaves no model behind', async () => {
  await using folder = await openFolder();
  await using server = await openFileServer(Buffer.from('something else'));
  const call = fetchModel({ model, baseUrl: server.baseUrl, folder: folder.path, log, wait }, calm());
  await expect(call).rejects.toMatchObject({ code: 'PROVIDER_BAD_ANSWER', facts: { expectedSha1: model.sha1 } });
  expect(await readdir(folder.path)).toEqual([]);
});

test('a file that is longer than the model is not taken in', async () => {
  await using folder = await openFolder();
  await using server = await openFileServer(Buffer.alloc(3 * 1024 ** 2));
  const call = fetchModel({ model, baseUrl: server.baseUrl, folder: folder.path, log, wait }, calm());
  await expect(call).rejects.toMatchObject({ code: 'PROVIDER_BAD_ANSWER', facts: { limitBytes: 1024 ** 2 } });
});

test('a host without the model is a permanent failure', async () => {
  await using folder = await openFolder();
  await using server = await openFileServer(bytes);
  server.script({ status: 404 });
  const call = fetchModel({ model, baseUrl: server.baseUrl, folder: folder.path, log, wait }, calm());
  await expect(call).rejects.toMatchObject({ code: 'PROVIDER_REJECTED', facts: { status: 404 } });
});

test('several who ask at once fetch it once', async () => {
  await using folder = await openFolder();
  await using server = await openFileServer(bytes);
  const source = { model, baseUrl: server.baseUrl, folder: folder.path, log };
  const files = await Promise.all([1, 2, 3].map(() => fetchModel(source, calm())));
  expect(new Set(files).size).toBe(1);
  expect(server.requests).toHaveLength(1);
});

test('the lock of a process that died is taken over', async () => {
  await using folder = await openFolder();
  await using server = await openFileServer(bytes);
  const lock = folder.file('ggml-small.bin.lock');
  const long = new Date(Date.now() - 3_600_000);
  await writeFile(lock, '');
  await utimes(lock, long, long);
  await fetchModel({ model, baseUrl: server.baseUrl, folder: folder.path, log, wait }, calm());
  expect(await readdir(folder.path)).toEqual(['ggml-small.bin']);
});

test('who waits for somebody else can be cancelled', async () => {
  await using folder = await openFolder();
  await writeFile(folder.file('ggml-small.bin.lock'), '');
  const stop = new AbortController();
  const call = fetchModel(
    {
      model,
      baseUrl: 'http://127.0.0.1:9/',
      folder: folder.path,
      log,
      wait: async () => stop.abort(new Problem('CANCELED')),
    },
    stop.signal,
  );
  await expect(call).rejects.toMatchObject({ code: 'CANCELED' });
});

test('each model that the environment allows is known with its checksum', () => {
  for (const [name, known] of Object.entries(whisperModels)) {
    expect(known.name).toBe(name);
    expect(known.sha1).toMatch(/^[0-9a-f]{40}$/);
  }
});
