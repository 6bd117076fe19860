import { z } from 'zod';
import type { BucketRecord, BucketRules } from './buckets.ts';
import { answer, type Call, readJson } from './call.ts';
import { bucketName } from './names.ts';
import { Refusal } from './refusal.ts';
import type { Store } from './store.ts';

const units = new Map([
  ['', 1],
  ['B', 1],
  ['KB', 1000],
  ['MB', 1000 ** 2],
  ['GB', 1000 ** 3],
]);

/** Bytes as a number, or as a text such as `50MB`. */
const size = z.union([
  z.number().int().min(1),
  z
    .stringFormat('size', /^\d+\s*(B|KB|MB|GB)?$/i)
    .transform((text) => Number.parseInt(text, 10) * (units.get(text.replace(/[\d\s]/g, '').toUpperCase()) ?? 1)),
]);

const rules = z.object({
  public: z.boolean().optional(),
  file_size_limit: size.nullish(),
  allowed_mime_types: z.array(z.string()).nullish(),
});
const newBucket = rules.extend({ id: bucketName.optional(), name: bucketName });

/** POST /bucket */
export async function createBucket(store: Store, call: Call): Promise<void> {
  const wanted = await readJson(call, newBucket);
  const rules = { public: false, sizeLimit: null, types: null, ...rulesOf(wanted) } satisfies BucketRules;
  await store.buckets.create(wanted.name, rules);
  answer(call, { name: wanted.name });
}

/** GET /bucket/B */
export async function getBucket(store: Store, call: Call): Promise<void> {
  answer(call, row(await store.buckets.get(call.bucket)));
}

/** GET /bucket */
export async function listBuckets(store: Store, call: Call): Promise<void> {
  answer(call, (await store.buckets.all()).map(row));
}

/** PUT /bucket/B */
export async function updateBucket(store: Store, call: Call): Promise<void> {
  await store.buckets.update(call.bucket, rulesOf(await readJson(call, rules)));
  answer(call, { message: 'Successfully updated' });
}

/** POST /bucket/B/empty. The real server only queues this; here the bucket is empty when the answer arrives. */
export async function emptyBucket(store: Store, call: Call): Promise<void> {
  await store.buckets.get(call.bucket);
  const keys = [...(await store.objects.all(call.bucket)).keys()];
  for (const key of keys) await store.objects.remove({ bucket: call.bucket, key });
  answer(call, { message: 'Empty bucket has been queued. Completion may take up to an hour.' });
}

/** DELETE /bucket/B */
export async function deleteBucket(store: Store, call: Call): Promise<void> {
  await store.buckets.get(call.bucket);
  if ((await store.objects.all(call.bucket)).size > 0) throw new Refusal('ResourceNotEmpty');
  await store.buckets.remove(call.bucket);
  answer(call, { message: 'Successfully deleted' });
}

const rulesOf = (wanted: z.output<typeof rules>): Partial<BucketRules> => ({
  ...(wanted.public !== undefined && { public: wanted.public }),
  ...(wanted.file_size_limit !== undefined && { sizeLimit: wanted.file_size_limit }),
  ...(wanted.allowed_mime_types !== undefined && { types: wanted.allowed_mime_types }),
});

const row = (bucket: BucketRecord) => ({
  id: bucket.name,
  name: bucket.name,
  owner: '',
  public: bucket.public,
  file_size_limit: bucket.sizeLimit,
  allowed_mime_types: bucket.types,
  created_at: bucket.createdAt,
  updated_at: bucket.updatedAt,
});
