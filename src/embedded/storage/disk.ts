import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';

/**
 * Where things lie below the endpoint's folder. Nothing a client sends becomes a path, except checked bucket names:
 *
 *     buckets/<bucket>.json                        what a bucket allows
 *     meta/<bucket>/<hh>/<sha256 of key>.json      the object's record: the pointer to its bytes
 *     blobs/<bucket>/<vv>/<version>                bytes, never changed once they are here
 *     tus/                                         uploads in progress
 *     tmp/                                         bytes on their way in; emptied at start
 *
 * Bytes come first and the record last, so that a crash leaves at worst a blob without a record.
 */
export interface Disk {
  readonly blobs: string;
  readonly tus: string;
  readonly buckets: string;
  bucketFile(bucket: string): string;
  recordFolder(bucket: string): string;
  recordFile(bucket: string, key: string): string;
  /** Path of a blob below `blobs`. */
  blobName(bucket: string, version: string): string;
  /** A new path below `tmp`. */
  temp(): string;
}

/** Makes the folders and empties `tmp`. One process at a time owns the folder. */
export async function openDisk(folder: string): Promise<Disk> {
  const at = (...parts: string[]): string => path.join(folder, ...parts);
  await rm(at('tmp'), { recursive: true, force: true });
  for (const name of ['buckets', 'meta', 'blobs', 'tus', 'tmp']) await mkdir(at(name), { recursive: true });
  return {
    blobs: at('blobs'),
    tus: at('tus'),
    buckets: at('buckets'),
    bucketFile: (bucket) => at('buckets', `${bucket}.json`),
    recordFolder: (bucket) => at('meta', bucket),
    recordFile(bucket, key) {
      const hash = createHash('sha256').update(key).digest('hex');
      return at('meta', bucket, hash.slice(0, 2), `${hash}.json`);
    },
    blobName: (bucket, version) => path.join(bucket, version.slice(0, 2), version),
    temp: () => at('tmp', randomUUID()),
  };
}

/** Writes a record where none is; false when there is one. Atomic, also between processes. */
export const createRecord = (disk: Disk, file: string, record: unknown): Promise<boolean> =>
  writeThrough(disk, { file, record, place: link }).then(
    () => true,
    (thrown: unknown) => {
      if (codeOf(thrown) === 'EEXIST') return false;
      throw thrown;
    },
  );

/** Writes a record, whatever was there. Atomic. */
export const replaceRecord = (disk: Disk, file: string, record: unknown): Promise<void> =>
  writeThrough(disk, { file, record, place: rename });

interface Writing {
  readonly file: string;
  readonly record: unknown;
  readonly place: (from: string, to: string) => Promise<void>;
}

async function writeThrough(disk: Disk, { file, record, place }: Writing): Promise<void> {
  const temp = disk.temp();
  await writeFile(temp, JSON.stringify(record), { flush: true });
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await place(temp, file);
  } finally {
    await vanish(temp);
  }
}

/** A record, or null when there is none. Throws when the file holds something else. */
export async function readRecord<T>(file: string, schema: z.ZodType<T>): Promise<T | null> {
  const text = await readFile(file, 'utf8').catch((thrown: unknown) => {
    if (codeOf(thrown) === 'ENOENT') return null;
    throw thrown;
  });
  return text === null ? null : schema.parse(JSON.parse(text));
}

/** Removes a file that may already be gone. */
export const vanish = (file: string): Promise<void> => rm(file, { force: true });

/** The system's word for a failed call, such as ENOENT. */
export const codeOf = (thrown: unknown): unknown =>
  thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
