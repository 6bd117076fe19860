import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '#base/log.ts';
import { assertService } from './access.ts';
import { openBuckets } from './buckets.ts';
import { type Call, refuse } from './call.ts';
import { applyCors } from './cors.ts';
import { openDisk } from './disk.ts';
import { Newest } from './newest.ts';
import { openObjects } from './objects.ts';
import { Refusal } from './refusal.ts';
import { match } from './routes.ts';
import type { Store } from './store.ts';
import { dropStrayBlobs } from './stray-blobs.ts';
import { openTokens } from './tokens.ts';
import { openTus, type Tus } from './tus.ts';

/** Where the endpoint stands on its server, as on Supabase. */
export const storagePath = '/storage/v1';
const tusPath = '/upload/resumable';

export interface StorageEndpointOptions {
  /** Where everything is kept. Only one process may use it. */
  readonly folder: string;
  /** Signs links and the service key; at least 32 bytes. */
  readonly secret: string;
  /** How clients reach the server, without `/storage/v1`; asked late, because a free port is known only then. */
  readonly publicUrl: () => string;
  readonly corsOrigins: readonly string[];
  /** Largest object, in bytes, whatever a bucket allows. */
  readonly maxUploadBytes: number;
  readonly log: Log;
}

/** Object storage in files that speaks the protocol of Supabase Storage, for a node:http server. */
export interface StorageEndpoint extends AsyncDisposable {
  /** The key that may do everything; the same as `mintServiceKey(secret)`. */
  readonly serviceKey: string;
  /** Answers every request below `/storage/v1`. Never throws; the server must not limit the time of a request. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/**
 * Opens the storage of a folder. It serves what Offprint needs: private buckets, uploads (raw, form, signed, tus),
 * ranged and signed downloads, listings, copies. Public buckets, image transforms and user metadata are not served.
 */
export async function openStorageEndpoint(options: StorageEndpointOptions): Promise<StorageEndpoint> {
  const store = await openStore(options);
  const tus = openTus(store, { ...options, path: `${storagePath}${tusPath}` });
  const sweeping = await keepSwept({ store, tus, log: options.log });
  return {
    serviceKey: store.tokens.serviceKey,
    async handle(request, response) {
      if (applyCors(request, response, options.corsOrigins)) return;
      const { path, query } = addressOf(request);
      const call = { request, response, query, bucket: '', key: '' };
      const isTus = path === tusPath || path.startsWith(`${tusPath}/`);
      request.setTimeout(silenceMs, () => request.destroy());
      try {
        await (isTus ? tus.answer(call, tusIdOf(path)) : run(store, call, path));
      } catch (thrown) {
        if (hasLeft(request)) response.destroy();
        else await refuse(call, refusalOf(thrown, options.log), isTus ? 'text' : 'json');
      }
    },
    [Symbol.asyncDispose]: () => sweeping[Symbol.asyncDispose](),
  };
}

async function openStore({ folder, secret, maxUploadBytes }: StorageEndpointOptions): Promise<Store> {
  const tokens = await openTokens(secret);
  const disk = await openDisk(folder);
  return { disk, tokens, maxUploadBytes, puts: new Newest(), buckets: openBuckets(disk), objects: openObjects(disk) };
}

const sweepMs = 60 * 60 * 1000;

async function keepSwept({ store, tus, log }: { store: Store; tus: Tus; log: Log }): Promise<AsyncDisposable> {
  const expired = () => tus.sweep().catch((err: unknown) => log.warn({ err }, 'expired uploads could not be dropped'));
  const strays = () =>
    dropStrayBlobs(store).then(
      (dropped) => dropped > 0 && log.info({ dropped }, 'stray bytes dropped'),
      (err: unknown) => log.warn({ err }, 'stray bytes could not be dropped'),
    );
  await expired();
  // Looking at every blob takes its time, which a start does not wait for.
  let sweeping: Promise<unknown> = strays();
  const again = setInterval(() => {
    sweeping = sweeping.then(expired).then(strays);
  }, sweepMs).unref();
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(again);
      await sweeping;
    },
  };
}

/** A client that sends or reads nothing for so long has gone. */
const silenceMs = 2 * 60 * 1000;

/** Path below `/storage/v1`, as it came: a normalised path would hide where a `..` stood. */
function addressOf({ url = '' }: IncomingMessage): { path: string; query: URLSearchParams } {
  const mark = url.indexOf('?');
  const path = mark === -1 ? url : url.slice(0, mark);
  return {
    path: path.startsWith(`${storagePath}/`) ? path.slice(storagePath.length) : '',
    query: new URLSearchParams(mark === -1 ? '' : url.slice(mark + 1)),
  };
}

/** The upload in `/upload/resumable/<id>` or `/upload/resumable/sign/<id>`. */
const tusIdOf = (path: string): string => path.slice(tusPath.length + 1).replace(/^sign(\/|$)/, '');

async function run(store: Store, call: Call, path: string): Promise<void> {
  const { access, body, bucket, key } = match(call.request.method ?? '', path);
  if (access === 'service') await assertService(store.tokens, call.request);
  await body(store, { ...call, bucket, key });
}

/** A client that broke off is nobody's failure, and there is nobody to answer. */
const hasLeft = (request: IncomingMessage): boolean => request.destroyed && !request.complete;

function refusalOf(thrown: unknown, log: Log): Refusal {
  if (thrown instanceof Refusal && thrown.code !== 'InternalError') return thrown;
  log.error({ err: thrown }, 'a call to the storage failed');
  return thrown instanceof Refusal ? thrown : new Refusal('InternalError', thrown);
}
