import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { BucketRecord } from './buckets.ts';
import { bytesOf, type Call } from './call.ts';
import { assertAllowed, contentTypeFrom } from './content-type.ts';
import { vanish } from './disk.ts';
import { receiveForm } from './form.ts';
import type { Arrival } from './objects.ts';
import { Refusal } from './refusal.ts';
import { limitOf, type Store } from './store.ts';

/**
 * Writes the body of an upload to `tmp`, as raw bytes or as the form that browsers send for a `File`. Size and type
 * are checked before the first byte where the headers tell them, and the bytes are counted as they come: a chunked
 * body has no announced length. A refused or broken upload leaves nothing behind.
 */
export async function receive(store: Store, call: Call, { bucket, mostBytes = Infinity }: Bounds): Promise<Arrival> {
  const { headers } = call.request;
  const limitBytes = Math.min(mostBytes, limitOf(store, bucket));
  const keep = async (bytes: AsyncIterable<Buffer>, declared: string | undefined): Promise<Kept> => {
    const contentType = contentTypeFrom(declared);
    assertAllowed(contentType, bucket.types);
    return { contentType, ...(await writeTemp(store, bytes, limitBytes)) };
  };
  if (/^multipart\/form-data\b/i.test(headers['content-type'] ?? '')) {
    refuseAnnounced(call, limitBytes + formOverheadBytes);
    const { kept, fields } = await receiveForm(call.request, keep);
    return { ...kept, cacheControl: cacheControlOf(fields.get('cacheControl')) };
  }
  refuseAnnounced(call, limitBytes);
  const kept = await keep(bytesOf(call.request), headers['content-type']);
  return { ...kept, cacheControl: cacheControlOf(headers['cache-control']) };
}

interface Bounds {
  readonly bucket: BucketRecord;
  readonly mostBytes?: number | undefined;
}

type Kept = Pick<Arrival, 'file' | 'sizeBytes' | 'contentType'>;

const formOverheadBytes = 64 * 1024;

function refuseAnnounced({ request }: Call, limitBytes: number): void {
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) throw new Refusal('EntityTooLarge');
}

async function writeTemp(
  store: Store,
  bytes: AsyncIterable<Buffer>,
  limitBytes: number,
): Promise<{ file: string; sizeBytes: number }> {
  const file = store.disk.temp();
  let sizeBytes = 0;
  try {
    await pipeline(
      async function* counted() {
        for await (const chunk of bytes) {
          sizeBytes += chunk.length;
          if (sizeBytes > limitBytes) throw new Refusal('EntityTooLarge');
          yield chunk;
        }
      },
      createWriteStream(file, { flush: true }),
    );
    return { file, sizeBytes };
  } catch (thrown) {
    await vanish(file);
    throw thrown;
  }
}

/** `max-age=60` or bare seconds; anything else is not echoed into answers. */
export function cacheControlOf(declared: string | null | undefined): string {
  const seconds = /^(?:max-age=)?(\d{1,10})$/.exec(declared ?? '')?.[1];
  return seconds === undefined ? 'no-cache' : `max-age=${seconds}`;
}
