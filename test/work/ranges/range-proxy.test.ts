import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withCorrelation } from '#base/log.ts';
import type { ObjectName } from '#providers/object-storage.ts';
import { openRangeProxy, type RangeProxy } from '#work/ranges/range-proxy.ts';
import { calm } from '../../support/media.ts';
import { openWatchedStorage, type WatchedStorage } from '../../support/watched-storage.ts';

const name: ObjectName = { bucket: 'uploads', key: 'workspace/upload/source.mp4' };
const mebibyte = 1024 ** 2;
const bytes = randomBytes(10 * mebibyte + 4321);

describe('the proxy of ranges', () => {
  let cleanup: AsyncDisposableStack;
  let server: WatchedStorage;
  let proxy: RangeProxy;

  beforeEach(async () => {
    cleanup = new AsyncDisposableStack();
    server = cleanup.use(await openWatchedStorage());
    await server.storage.put(name, bytes, { contentType: 'video/mp4' });
    proxy = cleanup.use(await openRangeProxy(server.storage));
  });
  afterEach(() => cleanup.disposeAsync());

  const opened = async (signal = calm()) => cleanup.use(await proxy.open(name, signal));

  test('is reached on the loopback alone, under a name that cannot be guessed', async () => {
    const { at } = await opened();
    expect(at).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}$/);
    expect((await opened()).at).not.toBe(at);
    const other = await fetch(at.replace(/[\w-]{43}$/, 'x'.repeat(43)));
    expect([other.status, await other.text()]).toEqual([404, '']);
  });

  test('says how long the recording is and that it has ranges, without reading it', async () => {
    const { at } = await opened();
    const { status, headers } = await fetch(at, { method: 'HEAD' });
    expect(status).toBe(200);
    expect(headers.get('content-length')).toBe(`${bytes.length}`);
    expect(headers.get('accept-ranges')).toBe('bytes');
    expect(server.reads).toEqual([]);
  });

  test('gives the whole, any range of it, and nothing behind its end', async () => {
    const { at } = await opened();
    const whole = await fetch(at);
    expect(whole.status).toBe(200);
    expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true);
    for (const [start, end] of [
      [0, 1],
      [mebibyte - 1, mebibyte + 1],
      [mebibyte, 4 * mebibyte],
      [10 * mebibyte + 4000, bytes.length],
    ] as const) {
      const part = await fetch(at, { headers: { range: `bytes=${start}-${end - 1}` } });
      expect(part.status).toBe(206);
      expect(part.headers.get('content-range')).toBe(`bytes ${start}-${end - 1}/${bytes.length}`);
      expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(start, end))).toBe(true);
    }
    const behind = await fetch(at, { headers: { range: `bytes=${bytes.length}-` } });
    expect([behind.status, behind.headers.get('content-range')]).toEqual([416, `bytes */${bytes.length}`]);
  });

  test('keeps nothing of a recording that storage has no more', async () => {
    const { at } = await opened();
    await (await fetch(at, { headers: { range: 'bytes=0-9' } })).arrayBuffer();
    await server.storage.remove(name.bucket, [name.key]);
    await expect(opened()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(fetch(at, { headers: { range: 'bytes=0-9' } }).then((again) => again.arrayBuffer())).rejects.toThrow(
      /fetch failed|terminated/,
    );
  });

  test('takes nothing', async () => {
    const { at } = await opened();
    const sent = await fetch(at, { method: 'PUT', body: 'other bytes' });
    expect([sent.status, sent.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  test('asks storage in the name of the stage that opened the recording', async () => {
    const { at } = await withCorrelation({ correlationId: 'the-stage' }, () => opened());
    await (await fetch(at)).arrayBuffer();
    expect(new Set(server.reads.map(({ requestId }) => requestId))).toEqual(new Set(['the-stage']));
  });

  test('asks storage once for what several readers want', async () => {
    const [first, second] = [await opened(), await opened()];
    const range = `bytes=${3 * mebibyte}-${4 * mebibyte - 1}`;
    await Promise.all([first, second].map(async ({ at }) => (await fetch(at, { headers: { range } })).arrayBuffer()));
    expect(server.reads.map((read) => read.range)).toEqual([range]);
  });

  test('hides a line that breaks and a storage that is away for a moment', async () => {
    const { at } = await opened();
    server.harm = (_read, before) => [{ cutAfter: 300_000 }, 'refuse' as const][before.length] ?? null;
    const whole = await fetch(at);
    expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true);
  });

  test("tells of bytes that cannot be had, in storage's words, before the line is cut", async () => {
    const { at, signal } = await opened();
    server.harm = (_read, before) => (before.length >= 2 ? 'refuse' : null);
    const atEnd = endOf(at).then((end) => ({ end, reason: signal.reason as unknown }));
    expect(await atEnd).toMatchObject({ end: 'cut', reason: { code: 'PROVIDER_UNAVAILABLE' } });
  });

  test('says before anything is read that a recording is not there, or that nobody waits any more', async () => {
    const missing = proxy.open({ ...name, key: 'workspace/none' }, calm());
    await expect(missing).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(opened(AbortSignal.abort(new Error('canceled')))).rejects.toThrow('canceled');
  });

  test('is over for a recording when nobody holds it any more, also for an answer on its way', async () => {
    server.harm = () => ({ stallAfter: 1000 });
    const held = await opened();
    const ended = endOf(held.at);
    await expect.poll(() => server.reads.length).toBe(1);
    await held[Symbol.asyncDispose]();
    expect(await ended).toBe('cut');
    expect((await fetch(held.at)).status).toBe(404);
  });

  test('closes at once in the middle of reading', async () => {
    server.harm = () => ({ stallAfter: 1000 });
    const { at } = await opened();
    const ended = endOf(at);
    await expect.poll(() => server.reads.length).toBe(1);
    await proxy[Symbol.asyncDispose]();
    expect(await ended).toBe('cut');
  });
});

/** How the reading of the whole recording ends. */
const endOf = (at: string): Promise<string> =>
  fetch(at)
    .then((answer) => answer.arrayBuffer())
    .then(
      () => 'whole',
      () => 'cut',
    );
