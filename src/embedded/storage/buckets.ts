import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { createRecord, type Disk, readRecord, replaceRecord, vanish } from './disk.ts';
import { Refusal } from './refusal.ts';

const bucket = z.object({
  name: z.string(),
  public: z.boolean(),
  /** Largest object, in bytes; null leaves the endpoint's own limit. */
  sizeLimit: z.number().int().nullable(),
  /** Allowed types, such as `video/*`; null allows all. */
  types: z.array(z.string()).nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
});

/** What is known of a bucket. `public` is kept for clients that ask, but nothing is served without a token. */
export type BucketRecord = z.output<typeof bucket>;
export type BucketRules = Pick<BucketRecord, 'public' | 'sizeLimit' | 'types'>;

/** The buckets on disk. */
export interface Buckets {
  /** Throws BucketAlreadyExists. */
  create(name: string, rules: BucketRules): Promise<void>;
  /** Throws NoSuchBucket. */
  get(name: string): Promise<BucketRecord>;
  all(): Promise<BucketRecord[]>;
  update(name: string, rules: Partial<BucketRules>): Promise<void>;
  /** Removes the bucket itself; the caller has seen that it is empty. */
  remove(name: string): Promise<void>;
}

/** Opens the buckets of a folder. */
export function openBuckets(disk: Disk): Buckets {
  const get = async (name: string): Promise<BucketRecord> => {
    const found = await readRecord(disk.bucketFile(name), bucket);
    if (found === null) throw new Refusal('NoSuchBucket');
    return found;
  };
  return {
    get,
    async create(name, rules) {
      const now = new Date().toISOString();
      const made = await createRecord(disk, disk.bucketFile(name), { name, ...rules, createdAt: now, updatedAt: now });
      if (!made) throw new Refusal('BucketAlreadyExists');
    },
    async all() {
      const files = await readdir(disk.buckets);
      return Promise.all(files.sort().map((file) => get(path.basename(file, '.json'))));
    },
    async update(name, rules) {
      const record = { ...(await get(name)), ...rules, updatedAt: new Date().toISOString() };
      await replaceRecord(disk, disk.bucketFile(name), record);
    },
    remove: (name) => vanish(disk.bucketFile(name)),
  };
}
