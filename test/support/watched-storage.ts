import { once } from 'node:events';
import { createServer, type IncomingMessage, request as openRequest, type ServerResponse } from 'node:http';
import { supabaseStorage } from '#providers/object-storage.supabase.ts';
import type { ObjectStorage } from '#providers/object-storage.ts';
import { openEmbeddedServer, originOf } from './storage.ts';

/** What becomes of one read: an answer 503, an end after so many bytes of the object, or a stop after them for ever. */
type Harm = 'refuse' | { readonly cutAfter: number } | { readonly stallAfter: number } | null;

/** One read of an object's bytes. */
interface Read {
  /** As it was asked for, such as `bytes=0-9`. */
  readonly range: string | undefined;
  /** In whose name it was asked for. */
  readonly requestId: unknown;
  /** Bytes that went out. */
  sentBytes: number;
}

/** A storage that lists the reads of its objects, on whose way they can come to harm. */
export interface WatchedStorage extends AsyncDisposable {
  readonly storage: ObjectStorage;
  readonly reads: readonly Read[];
  readonly sentBytes: () => number;
  /** Asked for each read, with what was read before. */
  harm: (read: Read, before: readonly Read[]) => Harm;
}

/** Opens the embedded storage, and a line into it that is watched. */
export async function openWatchedStorage(): Promise<WatchedStorage> {
  await using cleanup = new AsyncDisposableStack();
  const server = cleanup.use(await openEmbeddedServer({ maxUploadBytes: 2 ** 30 }));
  const reads: Read[] = [];
  const gate = createServer((request, response) => {
    const isRead = request.method === 'GET' && /^\/storage\/v1\/object\/(?!info\/)/.test(request.url ?? '');
    const read: Read = { range: request.headers.range, requestId: request.headers['x-request-id'], sentBytes: 0 };
    const harm = isRead ? watched.harm(read, [...reads]) : null;
    if (isRead) reads.push(read);
    if (harm === 'refuse') refuse(response);
    else pass({ request, response, origin: server.origin }, read, harm);
  });
  gate.listen(0, '127.0.0.1');
  await once(gate, 'listening');
  cleanup.defer(async () => {
    gate.close();
    gate.closeAllConnections();
    await once(gate, 'close');
  });
  const { serviceKey } = server;
  const storage = supabaseStorage({ url: `${originOf(gate)}/storage/v1`, serviceKey, maxUploadBytes: 2 ** 30 });
  const kept = cleanup.move();
  const watched: WatchedStorage = {
    storage,
    reads,
    sentBytes: () => reads.reduce((sum, { sentBytes }) => sum + sentBytes, 0),
    harm: () => null,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
  return watched;
}

function refuse(response: ServerResponse): void {
  const body = { statusCode: '503', error: 'internal', message: 'away' };
  response.writeHead(503, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly origin: string;
}

function pass({ request, response, origin }: Exchange, read: Read, harm: Exclude<Harm, 'refuse'>): void {
  const { method, headers, url } = request;
  const onward = openRequest(`${origin}${url}`, { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.on('data', (chunk: Buffer) => {
      const limit = harm === null ? Infinity : 'cutAfter' in harm ? harm.cutAfter : harm.stallAfter;
      const part = chunk.subarray(0, Math.max(0, limit - read.sentBytes));
      read.sentBytes += part.length;
      const flowing = response.write(part, () => {
        if (harm !== null && 'cutAfter' in harm && read.sentBytes >= limit) response.destroy();
      });
      if (flowing) return;
      answer.pause();
      response.once('drain', () => answer.resume());
    });
    answer.on('end', () => (harm === null ? response.end() : undefined));
  });
  onward.on('error', () => response.destroy());
  response.on('close', () => onward.destroy());
  request.pipe(onward);
}
