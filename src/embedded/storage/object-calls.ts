import { z } from 'zod';
import { answer, type Call, readJson } from './call.ts';
import { bucketName, objectKey } from './names.ts';
import { etagOf, type ObjectRecord } from './object-record.ts';
import type { Place } from './objects.ts';
import { receive } from './receive.ts';
import { Refusal } from './refusal.ts';
import type { Store } from './store.ts';

/** POST /object/B/K */
export const upload = (store: Store, call: Call): Promise<void> => write(store, call, { upsert: wantsUpsert(call) });

/** PUT /object/B/K */
export const update = (store: Store, call: Call): Promise<void> => write(store, call, { upsert: true });

const wantsUpsert = ({ request }: Call): boolean => request.headers['x-upsert'] === 'true';

/** Stores the body of a call under the key of its path. `mostBytes` is a limit on top of the bucket's. */
export async function write(store: Store, call: Call, { upsert, mostBytes }: Writing): Promise<void> {
  const bucket = await store.buckets.get(call.bucket);
  if (!upsert) await assertFree(store, call);
  const arrival = await receive(store, call, { bucket, mostBytes });
  const { id } = await store.objects.commit(placeOf(call), arrival, upsert);
  answer(call, { Id: id, Key: `${call.bucket}/${call.key}` });
}

interface Writing {
  readonly upsert: boolean;
  readonly mostBytes?: number | undefined;
}

/** Throws KeyAlreadyExists before bytes are sent in vain; the commit decides again. */
export async function assertFree(store: Store, place: Place): Promise<void> {
  if ((await store.objects.find(place)) !== null) throw new Refusal('KeyAlreadyExists');
}

const placeOf = ({ bucket, key }: Place): Place => ({ bucket, key });

/** GET /object/info/B/K */
export async function info(store: Store, call: Call): Promise<void> {
  const record = await store.objects.get(call);
  answer(call, {
    id: record.id,
    name: record.key,
    version: record.version,
    bucket_id: record.bucket,
    size: record.sizeBytes,
    content_type: record.contentType,
    cache_control: record.cacheControl,
    etag: etagOf(record),
    metadata: {},
    last_modified: record.updatedAt,
    created_at: record.createdAt,
  });
}

/** DELETE /object/B/K */
export async function removeOne(store: Store, call: Call): Promise<void> {
  if ((await store.objects.remove(call)) === null) throw new Refusal('NoSuchKey');
  answer(call, { message: 'Successfully deleted' });
}

/** DELETE /object/B: missing keys are skipped. */
export async function removeMany(store: Store, call: Call): Promise<void> {
  await store.buckets.get(call.bucket);
  const { prefixes } = await readJson(call, z.object({ prefixes: z.array(objectKey).min(1).max(1000) }));
  const removed: ObjectRecord[] = [];
  for (const key of prefixes) {
    const record = await store.objects.remove({ bucket: call.bucket, key });
    if (record !== null) removed.push(record);
  }
  answer(
    call,
    removed.map((record) => row(record)),
  );
}

const relocation = z.object({
  bucketId: bucketName,
  sourceKey: objectKey,
  destinationKey: objectKey,
  destinationBucket: bucketName.optional(),
});

/** POST /object/copy */
export async function copy(store: Store, call: Call): Promise<void> {
  const { from, to } = await relocationOf(store, call);
  const record = await store.objects.copy(from, to, wantsUpsert(call));
  answer(call, { Id: record.id, Key: `${to.bucket}/${to.key}`, ...row(record) });
}

/** POST /object/move. A crash in the middle leaves both names, never none. */
export async function move(store: Store, call: Call): Promise<void> {
  const { from, to } = await relocationOf(store, call);
  await store.objects.copy(from, to, false);
  await store.objects.remove(from);
  answer(call, { message: 'Successfully moved' });
}

async function relocationOf(store: Store, call: Call): Promise<{ from: Place; to: Place }> {
  const wanted = await readJson(call, relocation);
  const from = { bucket: wanted.bucketId, key: wanted.sourceKey };
  const to = { bucket: wanted.destinationBucket ?? wanted.bucketId, key: wanted.destinationKey };
  await Promise.all([store.buckets.get(from.bucket), store.buckets.get(to.bucket)]);
  return { from, to };
}

/** An object as listings show it. `name` depends on the listing. */
export const row = (record: ObjectRecord, name = record.key) => ({
  name,
  id: record.id,
  updated_at: record.updatedAt,
  created_at: record.createdAt,
  last_accessed_at: record.updatedAt,
  metadata: {
    eTag: etagOf(record),
    size: record.sizeBytes,
    mimetype: record.contentType,
    cacheControl: record.cacheControl,
    lastModified: record.updatedAt,
    contentLength: record.sizeBytes,
    httpStatusCode: 200,
  },
});
