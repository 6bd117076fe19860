import { z } from 'zod';
import type { Tx } from '#base/database.ts';
import { type Bucket, buckets, type ListedObject } from '#providers/object-storage.ts';
import { unnamed } from './named-objects.ts';
import { removeBytes, removedAtOnce } from './remove-bytes.ts';
import { batchSize, type Sweeping } from './sweeping.ts';

/** Removes objects that no row names and that are too old for a commit still to come. */
export async function sweepOrphans(sweeping: Sweeping): Promise<number> {
  let sum = 0;
  for (const bucket of buckets) {
    for await (const keys of oldKeys(sweeping, bucket)) {
      if (sweeping.signal.aborted) return sum;
      sum += await removeUnnamed(sweeping, bucket, keys);
    }
  }
  return sum;
}

/** Keys of our layout, a batch at a time: what somebody else keeps in a bucket of that name is left alone. */
async function* oldKeys({ storage, now, orphanGraceMs }: Sweeping, bucket: Bucket): AsyncGenerator<string[]> {
  const isOld = ({ storedAt }: ListedObject) => storedAt.getTime() <= now.getTime() - orphanGraceMs;
  let keys: string[] = [];
  for await (const object of storage.list(bucket, '')) {
    if (isOld(object) && isOurs(bucket, object.key)) keys.push(object.key);
    if (keys.length < batchSize) continue;
    yield keys;
    keys = [];
  }
  if (keys.length > 0) yield keys;
}

const uuid = z.uuid();
const isUuid = (text: string | undefined): text is string => uuid.safeParse(text).success;

function isOurs(bucket: Bucket, key: string): boolean {
  const [owner, below] = key.split('/');
  return isUuid(owner) && isUuid(bucket === 'exports' ? below?.replace('.json', '') : below);
}

async function removeUnnamed(sweeping: Sweeping, bucket: Bucket, keys: readonly string[]): Promise<number> {
  const { database, storage } = sweeping;
  const suspects = await unnamed(database.prisma, bucket, keys);
  if (bucket === 'exports') {
    await storage.remove(bucket, suspects);
    return suspects.length;
  }
  let removed = 0;
  for (const [uploadId, below] of Map.groupBy(suspects, (key) => key.split('/')[1] ?? '')) {
    for (let start = 0; start < below.length; start += removedAtOnce) {
      const some = below.slice(start, start + removedAtOnce);
      const find = async (tx: Tx) => ({ bucket, keys: await unnamed(tx, bucket, some) });
      removed += await removeBytes(sweeping, uploadId, find);
    }
  }
  return removed;
}
