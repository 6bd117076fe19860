import { randomUUID } from 'node:crypto';
import { link, mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { type Catalog, openCatalog } from './catalog.ts';
import { codeOf, createRecord, type Disk, readRecord, replaceRecord, vanish } from './disk.ts';
import { KeyLock } from './key-lock.ts';
import { type ObjectRecord, objectRecord } from './object-record.ts';
import { dropPartials, dropTus } from './partial-bytes.ts';
import { Refusal } from './refusal.ts';

export interface Place {
  readonly bucket: string;
  readonly key: string;
}

/** Complete bytes in `tmp`, ready to become an object. */
export interface Arrival {
  readonly file: string;
  readonly sizeBytes: number;
  readonly contentType: string;
  readonly cacheControl: string;
  readonly tusId?: string;
}

/** The objects on disk. */
export interface Objects {
  find(place: Place): Promise<ObjectRecord | null>;
  /** Throws NoSuchKey. */
  get(place: Place): Promise<ObjectRecord>;
  /** Makes arrived bytes the object. Of any number of creations at once exactly one wins; others throw KeyAlreadyExists. */
  commit(place: Place, arrival: Arrival, upsert: boolean): Promise<ObjectRecord>;
  /** A second object with the same bytes; no byte is copied. */
  copy(from: Place, to: Place, upsert: boolean): Promise<ObjectRecord>;
  /** The removed record, or null when there was none. Bytes that tus holds of it are gone, too. */
  remove(place: Place): Promise<ObjectRecord | null>;
  all: Catalog['all'];
}

/** Opens the objects of a folder. */
export function openObjects(disk: Disk): Objects {
  const rig: Rig = { disk, catalog: openCatalog(disk), lock: new KeyLock() };
  const find = (place: Place): Promise<ObjectRecord | null> => findRecord(rig, place);
  const get = async (place: Place): Promise<ObjectRecord> => {
    const record = await find(place);
    if (record === null) throw new Refusal('NoSuchKey');
    return record;
  };
  const commit: Objects['commit'] = (place, arrival, upsert) =>
    locked(rig, place, () => commitLocked(rig, { place, arrival, upsert }));
  return {
    find,
    get,
    commit,
    copy: async (from, to, upsert) => commit(to, await linked(rig, from, get), upsert),
    remove: (place) => locked(rig, place, () => removeLocked(rig, place)),
    all: (bucket) => rig.catalog.all(bucket),
  };
}

interface Rig {
  readonly disk: Disk;
  readonly catalog: Catalog;
  readonly lock: KeyLock;
}

const locked = <T>({ lock }: Rig, { bucket, key }: Place, body: () => Promise<T>): Promise<T> =>
  lock.hold(`${bucket}/${key}`, body);

const findRecord = ({ disk }: Rig, { bucket, key }: Place): Promise<ObjectRecord | null> =>
  readRecord(disk.recordFile(bucket, key), objectRecord);

const blobFile = ({ disk }: Rig, bucket: string, version: string): string =>
  path.join(disk.blobs, disk.blobName(bucket, version));

interface Commit {
  readonly place: Place;
  readonly arrival: Arrival;
  readonly upsert: boolean;
}

async function commitLocked(rig: Rig, { place, arrival, upsert }: Commit): Promise<ObjectRecord> {
  const previous = await findRecord(rig, place);
  const record = recordOf(place, arrival, previous);
  const blob = blobFile(rig, place.bucket, record.version);
  try {
    if (previous !== null && !upsert) throw new Refusal('KeyAlreadyExists');
    await mkdir(path.dirname(blob), { recursive: true });
    await rename(arrival.file, blob);
    await point(rig, record, upsert);
  } catch (thrown) {
    await Promise.all([vanish(arrival.file), vanish(blob)]);
    throw thrown;
  }
  rig.catalog.note(place.bucket, place.key, record);
  if (previous !== null) await dropBytes(rig, previous);
  return record;
}

function recordOf(place: Place, arrival: Arrival, previous: ObjectRecord | null): ObjectRecord {
  const now = new Date().toISOString();
  return {
    ...place,
    id: previous?.id ?? randomUUID(),
    version: randomUUID(),
    sizeBytes: arrival.sizeBytes,
    contentType: arrival.contentType,
    cacheControl: arrival.cacheControl,
    tusId: arrival.tusId ?? null,
    createdAt: previous?.createdAt ?? now,
    updatedAt: now,
  };
}

/** The lock already orders writers of this process; creating by link(2) also holds against another one. */
async function point({ disk }: Rig, record: ObjectRecord, upsert: boolean): Promise<void> {
  const file = disk.recordFile(record.bucket, record.key);
  if (upsert) await replaceRecord(disk, file, record);
  else if (!(await createRecord(disk, file, record))) throw new Refusal('KeyAlreadyExists');
}

async function removeLocked(rig: Rig, place: Place): Promise<ObjectRecord | null> {
  const record = await findRecord(rig, place);
  if (record === null) {
    await dropPartials(rig.disk, place);
    return null;
  }
  await vanish(rig.disk.recordFile(place.bucket, place.key));
  rig.catalog.note(place.bucket, place.key, null);
  await dropBytes(rig, record);
  return record;
}

/** The bytes of an object that came by tus have a second name there, for a client that asks for its end once more. */
async function dropBytes(rig: Rig, { bucket, version, tusId }: ObjectRecord): Promise<void> {
  await vanish(blobFile(rig, bucket, version));
  if (tusId !== null) await dropTus(rig.disk, tusId);
}

/** An object's bytes under a second name in `tmp`. Held under its lock, so that no writer takes them away meanwhile. */
const linked = (rig: Rig, from: Place, get: Objects['get']): Promise<Arrival> =>
  locked(rig, from, async () => {
    const { version, sizeBytes, contentType, cacheControl } = await get(from);
    const file = rig.disk.temp();
    await link(blobFile(rig, from.bucket, version), file).catch((thrown: unknown) => {
      throw codeOf(thrown) === 'ENOENT' ? new Refusal('NoSuchKey', thrown) : thrown;
    });
    return { file, sizeBytes, contentType, cacheControl };
  });
