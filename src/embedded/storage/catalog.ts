import { readdir } from 'node:fs/promises';
import path from 'node:path';
import pLimit from 'p-limit';
import { codeOf, type Disk, readRecord } from './disk.ts';
import { type ObjectRecord, objectRecord } from './object-record.ts';

/**
 * The records of a bucket by key, read from disk when they are first asked for and kept up to date afterwards: a
 * listing of 10 000 objects would otherwise open 10 000 files for every page.
 */
export interface Catalog {
  all(bucket: string): Promise<ReadonlyMap<string, ObjectRecord>>;
  /** Tells what a key now points to; null when the object is gone. */
  note(bucket: string, key: string, record: ObjectRecord | null): void;
}

/** Opens the catalog of a folder that no other process writes to. */
export function openCatalog(disk: Disk): Catalog {
  const loads = new Map<string, Promise<Map<string, ObjectRecord>>>();
  const load = (bucket: string): Promise<Map<string, ObjectRecord>> => {
    const reading = readAll(disk, bucket);
    reading.catch(() => loads.delete(bucket));
    loads.set(bucket, reading);
    return reading;
  };
  return {
    all: (bucket) => loads.get(bucket) ?? load(bucket),
    // A change during the load waits behind it: what was read may be older than the change.
    note(bucket, key, record) {
      loads.get(bucket)?.then(
        (records) => (record === null ? records.delete(key) : records.set(key, record)),
        () => {},
      );
    },
  };
}

const openFiles = 32;

async function readAll(disk: Disk, bucket: string): Promise<Map<string, ObjectRecord>> {
  const folder = disk.recordFolder(bucket);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((thrown: unknown) => {
    if (codeOf(thrown) === 'ENOENT') return [];
    throw thrown;
  });
  const limit = pLimit(openFiles);
  const records = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => limit(() => readRecord(path.join(entry.parentPath, entry.name), objectRecord))),
  );
  return new Map(records.filter((record) => record !== null).map((record) => [record.key, record]));
}
