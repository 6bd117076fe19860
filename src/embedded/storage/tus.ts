import { MemoryLocker, Server } from '@tus/server';
import type { Call } from './call.ts';
import { assertAllowed } from './content-type.ts';
import { isAllowedOrigin } from './cors.ts';
import { KeyLock } from './key-lock.ts';
import { assertFree } from './object-calls.ts';
import { Refusal } from './refusal.ts';
import { limitOf, type Store } from './store.ts';
import { newTusId, TusFiles } from './tus-files.ts';
import { assertGranted, type Right, rightOf } from './tus-right.ts';
import { openSettling } from './tus-settle.ts';
import { declaredTarget, type Target, targetOf } from './tus-target.ts';

/** Resumable uploads. */
export interface Tus {
  /** Every call below `/upload/resumable`; `id` is the upload's, empty where the path names none. */
  answer(call: Call, id: string): Promise<void>;
  /** Drops uploads that were begun more than a day ago, finished ones too. */
  sweep(): Promise<void>;
}

export interface TusOptions {
  /** Path of the endpoint, without a slash at the end. */
  readonly path: string;
  /** How clients reach this server, asked for each new upload: the port may be known only after listening. */
  readonly publicUrl: () => string;
  readonly corsOrigins: readonly string[];
}

const uploadId = /^[0-9a-f]{32}$/;

/** What was found out about a call before the protocol itself looks at it. */
interface Errand {
  /** The upload's. */
  readonly id: string;
  readonly right: Right;
  readonly target: Target;
}

/**
 * Opens resumable uploads over a store. Who may do what is decided here, call by call, before the protocol library
 * sees it: a signed upload only ever touches the object its token names, and never grows beyond the bytes named there.
 */
export function openTus(store: Store, options: TusOptions): Tus {
  const [locker, settlingLock] = [new MemoryLocker(), new KeyLock()];
  const files = new TusFiles({ disk: store.disk, locker, settling: settlingLock });
  const settling = openSettling(store, files, settlingLock);
  const errands = new WeakMap<object, Errand>();
  const errandOf = (request: { runtime?: { node?: { req: object } } }): Errand => {
    const errand = errands.get(request.runtime?.node?.req ?? request);
    if (errand === undefined) throw new Refusal('InternalError');
    return errand;
  };
  const server = new Server({
    path: options.path,
    datastore: files,
    locker,
    disableTerminationForFinishedUploads: true,
    allowedOrigins: (origin) => isAllowedOrigin(origin, options.corsOrigins),
    namingFunction: (request) => errandOf(request).id,
    generateUrl: (request, { id }) =>
      `${options.publicUrl()}${options.path}${errandOf(request).right.signed ? '/sign' : ''}/${id}`,
    // By itself the library would read the id from the end of the whole address, behind a question mark too.
    getFileIdFromRequest: (request) => errandOf(request).id,
    maxSize: (request, id) => (id === null ? store.maxUploadBytes : sizeLimit(store, errandOf(request))),
    async onUploadCreate(request, upload) {
      const { right, target } = errandOf(request);
      assertAllowed(target.contentType, (await store.buckets.get(target.bucket)).types);
      if (!right.upsert) await assertFree(store, target);
      return { metadata: { ...upload.metadata, upsert: String(right.upsert) } };
    },
    async onUploadFinish(_request, upload) {
      await settling.settle(upload.id);
      return {};
    },
    onResponseError: (_request, thrown) =>
      thrown instanceof Refusal ? { status_code: thrown.status, body: `${thrown.message}\n` } : undefined,
  });
  return {
    async answer(call, id) {
      // The library would hand out finished uploads to whoever asks.
      if (call.request.method === 'GET') throw new Refusal('NoSuchRoute');
      if (call.request.method === 'OPTIONS') return server.handle(call.request, call.response);
      const errand = await errandFor(call, id);
      errands.set(call.request, errand);
      await sending(call, errand);
    },
    async sweep() {
      await server.cleanUpExpiredUploads();
    },
  };

  async function sending({ request, response }: Call, { id }: Errand): Promise<void> {
    const sends = request.method === 'POST' || request.method === 'PATCH';
    if (sends) files.senders.set(id, request);
    try {
      await server.handle(request, response);
    } finally {
      if (files.senders.get(id) === request) files.senders.delete(id);
    }
  }

  async function errandFor(call: Call, id: string): Promise<Errand> {
    const right = await rightOf(store, call);
    if (call.request.method === 'POST') {
      if (id !== '') throw new Refusal('NoSuchRoute');
      const target = declaredTarget(call.request.headers['upload-metadata']);
      assertGranted(right, target);
      return { id: newTusId(target), right, target };
    }
    const upload = uploadId.test(id) ? await files.configstore.get(id) : undefined;
    if (upload === undefined) throw new Refusal('NoSuchUpload');
    const target = targetOf(upload.metadata);
    assertGranted(right, target);
    if (call.request.method === 'PATCH' && (upload.size ?? 0) > right.mostBytes) throw new Refusal('EntityTooLarge');
    if (call.request.method === 'HEAD') await settling.settle(id);
    return { id, right, target };
  }
}

const sizeLimit = async (store: Store, { right, target }: Errand): Promise<number> =>
  Math.min(right.mostBytes, limitOf(store, await store.buckets.get(target.bucket)));
