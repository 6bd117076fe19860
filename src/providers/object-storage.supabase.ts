import { openAsBlob } from 'node:fs';
import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { z } from 'zod';
import { Problem } from '#base/problem.ts';
import { assertKey, folderPrefix } from './object-key.ts';
import { type Bucket, buckets, type ObjectInfo, type ObjectName, type ObjectStorage } from './object-storage.ts';
import { type StorageCall, type StorageServer, storageCall } from './supabase-call.ts';
import { linksOf } from './supabase-links.ts';

export interface SupabaseOptions extends StorageServer {
  /** How clients reach the same server, without `/storage/v1`; by default as we do. */
  readonly publicUrl?: string;
  /** Largest recording, in bytes: the limit of the bucket `uploads`. */
  readonly maxUploadBytes: number;
}

/** Object storage by the protocol of Supabase Storage: a Supabase project, or the embedded endpoint. */
export function supabaseStorage(options: SupabaseOptions): ObjectStorage {
  const call = storageCall(options);
  const rig: Rig = { call, limitBytes: options.maxUploadBytes };
  return {
    ensureBuckets: () => ensureBuckets(rig),
    ...linksOf(call, options),
    info: (name) => info(rig, name),
    read: (name, wanted) => read(rig, name, wanted),
    putFile: async (name, file, { contentType, signal }) =>
      send(rig, name, { bytes: await openAsBlob(file, { type: contentType }), signal }),
    put: (name, body, { contentType, signal }) =>
      send(rig, name, { bytes: new Blob([Buffer.from(body)], { type: contentType }), signal }),
    remove: (bucket, keys) => remove(rig, bucket, keys),
    list: (bucket, prefix) => list(rig, bucket, prefix),
  };
}

interface Rig {
  readonly call: StorageCall;
  readonly limitBytes: number;
}

async function ensureBuckets(rig: Rig): Promise<void> {
  await Promise.all(buckets.map((bucket) => ensureBucket(rig, bucket)));
}

const bucketRow = z.object({ file_size_limit: z.number().nullish().default(null) });

async function ensureBucket({ call, limitBytes }: Rig, bucket: Bucket): Promise<void> {
  const rules = { public: false, fileSizeLimit: bucket === 'uploads' ? limitBytes : null };
  const what = 'buckets';
  const standing = await unless(
    'NOT_FOUND',
    call({ what, answer: bucketRow }, (client) => client.getBucket(bucket)),
  );
  if (standing?.file_size_limit === rules.fileSizeLimit) return;
  const answer = z.unknown();
  if (standing !== null) await call({ what, answer }, (client) => client.updateBucket(bucket, rules));
  // Several processes may start at once.
  else
    await unless(
      'CONFLICT',
      call({ what, answer }, (client) => client.createBucket(bucket, rules)),
    );
}

const infoRow = z
  .object({ size: z.number(), contentType: z.string() })
  .transform(({ size, contentType }): ObjectInfo => ({ sizeBytes: size, contentType }));

async function info({ call }: Rig, name: ObjectName): Promise<ObjectInfo | null> {
  assertKey(name);
  return unless(
    'NOT_FOUND',
    call({ what: 'info', answer: infoRow }, (client) => client.from(name.bucket).info(name.key)),
  );
}

/** What a call gives, or null when it fails with the code that means "there is none". */
async function unless<T>(code: 'NOT_FOUND' | 'CONFLICT', call: Promise<T>): Promise<T | null> {
  try {
    return await call;
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.code === code) return null;
    throw thrown;
  }
}

type Wanted = NonNullable<Parameters<ObjectStorage['read']>[1]>;

async function read({ call }: Rig, name: ObjectName, { range, signal }: Wanted = {}): Promise<Readable> {
  assertKey(name);
  if (range && !(range.start >= 0 && range.end > range.start)) {
    throw new Problem('INVALID_INPUT', { reason: 'A byte range must hold at least one byte.', ...range });
  }
  const headers = range ? { range: `bytes=${range.start}-${range.end - 1}` } : {};
  const answer = z.instanceof(ReadableStream);
  const body = await call({ what: 'read', answer, headers, signal }, (client) =>
    client.from(name.bucket).download(name.key).asStream(),
  );
  return Readable.fromWeb(body, signal ? { signal } : {});
}

/** A megabyte a second is the slowest line we wait for. */
const timeoutFor = (sizeBytes: number): number => 60_000 + sizeBytes / 1000;

/**
 * Sends bytes as a Blob: it is read from disk while it is sent, it has a length (a chunked body slips past the size
 * limit of the real server), and it can be sent twice.
 */
async function send(
  rig: Rig,
  name: ObjectName,
  sent: { bytes: Blob; signal?: AbortSignal | undefined },
): Promise<void> {
  assertKey(name);
  const { size: sizeBytes } = sent.bytes;
  const ask = {
    what: 'store' as const,
    answer: z.unknown(),
    signal: sent.signal,
    timeoutMs: timeoutFor(sizeBytes),
    facts: { sizeBytes, limitBytes: rig.limitBytes },
    // The real server leaves the body of a refused upload unread, and the next request on that socket hangs.
    headers: { connection: 'close' },
  };
  await rig.call(ask, (client) => client.from(name.bucket).upload(name.key, sent.bytes, { upsert: true }));
}

/** The real server takes at most a thousand at once. */
const removedAtOnce = 1000;

async function remove({ call }: Rig, bucket: Bucket, keys: readonly string[]): Promise<void> {
  for (const key of keys) assertKey({ bucket, key });
  for (let start = 0; start < keys.length; start += removedAtOnce) {
    const some = keys.slice(start, start + removedAtOnce);
    await call({ what: 'remove', answer: z.unknown() }, (client) => client.from(bucket).remove(some));
  }
}

const listPage = z.object({
  nextCursor: z.string().nullish(),
  objects: z.array(
    z
      .object({
        name: z.string(),
        key: z.string().optional(),
        updated_at: z.coerce.date(),
        metadata: z.object({ size: z.number() }),
      })
      .transform(({ name, key = name, updated_at: storedAt, metadata }) => ({
        key,
        sizeBytes: metadata.size,
        storedAt,
      })),
  ),
});

async function* list({ call }: Rig, bucket: Bucket, prefix: string): ReturnType<ObjectStorage['list']> {
  const wanted = { prefix: folderPrefix({ bucket, key: prefix }), limit: 1000 };
  let page: z.output<typeof listPage> | undefined;
  do {
    const cursor: { cursor?: string } = page?.nextCursor ? { cursor: page.nextCursor } : {};
    page = await call({ what: 'list', answer: listPage }, (client) =>
      client.from(bucket).listV2({ ...wanted, ...cursor }),
    );
    yield* page.objects;
  } while (page.nextCursor);
}
