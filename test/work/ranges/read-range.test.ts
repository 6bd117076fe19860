import { randomBytes } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ObjectName } from '#providers/object-storage.ts';
import { readRange } from '#work/ranges/read-range.ts';
import { calm } from '../../support/media.ts';
import { openWatchedStorage } from '../../support/watched-storage.ts';

const name: ObjectName = { bucket: 'uploads', key: 'workspace/upload/source.mp4' };
const bytes = randomBytes(400_000);

async function stored() {
  const server = await openWatchedStorage();
  onTestFinished(() => server[Symbol.asyncDispose]());
  await server.storage.put(name, bytes, { contentType: 'video/mp4' });
  return server;
}

const asked = { start: 100_000, end: 300_000 };

describe('reading a range', () => {
  test('gives its bytes', async () => {
    const { storage } = await stored();
    const read = await readRange(storage, name, { ...asked, signal: calm() });
    expect(read.equals(bytes.subarray(100_000, 300_000))).toBe(true);
  });

  test('goes on at the byte it had reached when the line breaks', async () => {
    const server = await stored();
    server.harm = (_read, before) => (before.length === 0 ? { cutAfter: 120_000 } : null);
    const read = await readRange(server.storage, name, { ...asked, signal: calm() });
    expect(read.equals(bytes.subarray(100_000, 300_000))).toBe(true);
    expect(server.reads.map(({ range }) => range)).toEqual(['bytes=100000-299999', 'bytes=220000-299999']);
  });

  test('outlives a storage that is away for some requests', async () => {
    const server = await stored();
    server.harm = (_read, before) => (before.length < 3 ? 'refuse' : null);
    const read = await readRange(server.storage, name, { ...asked, signal: calm() });
    expect(read).toHaveLength(200_000);
  });

  test('says that storage does not answer when it stays away', async () => {
    const server = await stored();
    server.harm = () => 'refuse';
    const reading = readRange(server.storage, name, { ...asked, signal: calm() });
    await expect(reading).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE', facts: { status: 503 } });
  });

  test('ends at once for what is not there, and for a canceled caller', async () => {
    const { storage, reads } = await stored();
    const missing = readRange(storage, { ...name, key: 'workspace/none' }, { ...asked, signal: calm() });
    await expect(missing).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const signal = AbortSignal.abort(new Error('canceled'));
    await expect(readRange(storage, name, { ...asked, signal })).rejects.toThrow('canceled');
    expect(reads).toHaveLength(1);
  });

  test('takes no bytes from a server that knows no ranges', async () => {
    const { storage } = await stored();
    const rangeless = { ...storage, read: (of: ObjectName) => storage.read(of) };
    const reading = readRange(rangeless, name, { ...asked, signal: calm() });
    await expect(reading).rejects.toMatchObject({ code: 'PROVIDER_BAD_ANSWER' });
  });
});
