import send from 'send';
import type { Call } from './call.ts';
import { servedType } from './content-type.ts';
import { etagOf, type ObjectRecord } from './object-record.ts';
import { Refusal } from './refusal.ts';
import type { Store } from './store.ts';

/** GET and HEAD /object/B/K */
export async function download(store: Store, call: Call): Promise<void> {
  await serve(store, call, ({ cacheControl }) => ({ 'cache-control': cacheControl }));
}

/**
 * Sends an object, with ranges and conditions. A write may replace the bytes between reading the record and opening
 * them; then the new record is read and served.
 */
export async function serve(
  store: Store,
  call: Call,
  headersOf: (record: ObjectRecord) => Record<string, string>,
): Promise<void> {
  for (let seen = ''; ; ) {
    const record = await store.objects.get(call);
    if (record.version === seen) throw new Refusal('NoSuchKey');
    setHeaders(call, record, headersOf(record));
    if (await transmit(store, call, record)) return;
    seen = record.version;
  }
}

function setHeaders({ response }: Call, record: ObjectRecord, own: Record<string, string>): void {
  const headers = {
    'content-type': servedType(record.contentType),
    etag: etagOf(record),
    'last-modified': new Date(record.updatedAt).toUTCString(),
    // A stored page must not run as ours, whatever type its sender declared.
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    'x-robots-tag': 'none',
    ...own,
  };
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

/** Resolves when the answer has gone out or the client has left; false when the bytes were not there. */
function transmit({ disk }: Store, { request, response }: Call, record: ObjectRecord): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  response.once('close', () => resolve(true));
  send(request, disk.blobName(record.bucket, record.version), {
    root: disk.blobs,
    index: false,
    cacheControl: false,
    dotfiles: 'allow',
  })
    .on('error', (thrown: { status?: number }) => {
      if (thrown.status === 404) resolve(false);
      else reject(refusalOf(thrown));
    })
    .pipe(response);
  return promise;
}

function refusalOf(thrown: { status?: number }): Refusal {
  if (thrown.status === 416) return new Refusal('InvalidRange', thrown);
  return new Refusal(thrown.status === 412 ? 'PreconditionFailed' : 'InternalError', thrown);
}
