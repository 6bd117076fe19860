import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openFolder } from '#base/temp.ts';
import type { ObjectName, ObjectStorage } from '#providers/object-storage.ts';
import { openCopies, type SourceCopies } from '#work/source-copies.ts';
import { sha256 } from '../support/house.ts';
import { calm } from '../support/media.ts';
import { type EmbeddedServer, openEmbeddedServer } from '../support/storage.ts';

const bytesOf = (name: string): Buffer => Buffer.alloc(200_000, name);
const named = (name: string): ObjectName => ({ bucket: 'uploads', key: `workspace/${name}.bin` });

describe("the copies of a worker's recordings", () => {
  let cleanup: AsyncDisposableStack;
  let server: EmbeddedServer;
  let copies: SourceCopies;
  let folder: string;
  let reads: string[];

  beforeEach(async () => {
    cleanup = new AsyncDisposableStack();
    server = cleanup.use(await openEmbeddedServer());
    folder = cleanup.use(await openFolder()).file('copies');
    reads = [];
    for (const name of ['a', 'b', 'c', 'd']) {
      await server.storage.put(named(name), bytesOf(name), { contentType: 'video/mp4' });
    }
    copies = cleanup.use(await openCopies(counted(server.storage, reads), folder));
  });
  afterEach(() => cleanup.disposeAsync());

  const hold = (name: string, signal = calm()) => copies.hold(named(name), signal);

  test('are whole and hashed when they are handed out', async () => {
    await using held = await hold('a');
    expect(await readFile(held.path)).toEqual(bytesOf('a'));
    expect(held).toMatchObject({ sizeBytes: 200_000, sha256: sha256(bytesOf('a')) });
  });

  test('are fetched once for all stages that need them at a time, and for the next one', async () => {
    const both = await Promise.all([hold('a'), hold('a')]);
    expect(both[0].path).toBe(both[1].path);
    for (const held of both) await held[Symbol.asyncDispose]();
    await using next = await hold('a');
    expect(next.path).toBe(both[0].path);
    expect(reads).toEqual(['workspace/a.bin']);
  });

  test('of which nobody is in need are kept for two recordings, not for more', async () => {
    for (const name of ['a', 'b', 'c']) await (await hold(name))[Symbol.asyncDispose]();
    expect(await readdir(folder)).toHaveLength(2);
    await (await hold('c'))[Symbol.asyncDispose]();
    await (await hold('a'))[Symbol.asyncDispose]();
    expect(reads.map((key) => key.at(-5))).toEqual(['a', 'b', 'c', 'a']);
  });

  test('are never taken from under a stage that holds them', async () => {
    await using held = await hold('a');
    for (const name of ['b', 'c', 'd']) await (await hold(name))[Symbol.asyncDispose]();
    expect(existsSync(held.path)).toBe(true);
    expect(await readdir(folder)).toHaveLength(3);
  });

  test('that are not there are told to everybody who waits, and asked for again next time', async () => {
    const waiting = await Promise.allSettled([hold('missing'), hold('missing')]);
    expect(waiting.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(hold('missing')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await readdir(folder)).toEqual([]);
    await server.storage.put(named('missing'), bytesOf('m'), { contentType: 'video/mp4' });
    await using held = await hold('missing');
    expect(held.sizeBytes).toBe(200_000);
  });

  test('leave a stage that is canceled at once, and stay for the others', async () => {
    const canceled = new AbortController();
    const leaving = hold('a', canceled.signal);
    const staying = hold('a');
    canceled.abort(new Error('canceled'));
    await expect(leaving).rejects.toThrow('canceled');
    await using held = await staying;
    expect(await readFile(held.path)).toEqual(bytesOf('a'));
    await expect(hold('b', AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
  });

  test('are gone with their worker, also those on their way', async () => {
    const arriving = hold('a').catch(() => null);
    await copies[Symbol.asyncDispose]();
    await arriving;
    expect(existsSync(folder)).toBe(false);
  });
});

/** The same storage, with a list of what was read. */
const counted = (storage: ObjectStorage, reads: string[]): ObjectStorage => ({
  ...storage,
  read(name, options) {
    reads.push(name.key);
    return storage.read(name, options);
  },
});
