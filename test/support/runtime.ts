import { envFrom } from '#base/env.ts';
import { openLog } from '#base/log.ts';
import { type Bucket, buckets, type ObjectStorage } from '#providers/object-storage.ts';
import type { Runtime } from '#runtime.ts';
import { openTestDatabase } from './database.ts';
import { openEmbeddedServer } from './storage.ts';

/** What a process holds: a database and a storage of its own, without API and worker. */
export async function openTestRuntime(): Promise<Runtime & AsyncDisposable> {
  await using cleanup = new AsyncDisposableStack();
  const database = cleanup.use(await openTestDatabase());
  const { storage } = cleanup.use(await openEmbeddedServer());
  const kept = cleanup.move();
  return {
    env: envFrom({}),
    log: openLog('silent'),
    database,
    storage,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** All objects, as `bucket/key`. */
export async function objectsIn(storage: ObjectStorage, prefix = ''): Promise<string[]> {
  const found: string[] = [];
  for (const bucket of buckets) {
    for await (const { key } of storage.list(bucket, prefix)) found.push(`${bucket}/${key}`);
  }
  return found;
}

/** How many bytes all objects have. */
export async function bytesIn(storage: ObjectStorage): Promise<number> {
  let bytes = 0;
  for (const bucket of buckets) {
    for await (const { sizeBytes } of storage.list(bucket, '')) bytes += sizeBytes;
  }
  return bytes;
}

/** Stores a few bytes. */
export const putObject = (storage: ObjectStorage, name: { bucket: Bucket; key: string }): Promise<void> =>
  storage.put(name, 'bytes', { contentType: 'text/plain' });
