import { once } from 'node:events';
import { type ClientRequest, createServer, type IncomingMessage, request as openRequest, type Server } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { pino } from 'pino';
import { z } from 'zod';
import { openFolder } from '#base/temp.ts';
import { openStorageEndpoint } from '#embedded/storage/endpoint.ts';
import { supabaseStorage } from '#providers/object-storage.supabase.ts';
import type { ObjectStorage } from '#providers/object-storage.ts';

/** A storage server of a test, and our storage over it. */
export interface StorageServer extends AsyncDisposable {
  /** Without `/storage/v1`. */
  readonly origin: string;
  readonly serviceKey: string;
  readonly storage: ObjectStorage;
}

/** The embedded endpoint on a free port. */
export interface EmbeddedServer extends StorageServer {
  readonly folder: string;
  readonly secret: string;
}

export interface EmbeddedOptions {
  readonly maxUploadBytes?: number;
  readonly corsOrigins?: readonly string[];
  /** Kept by the caller, to open the same storage twice. */
  readonly folder?: string;
}

const secret = 'a secret of at least thirty-two bytes';

/** Opens the embedded endpoint on a server of its own, with all buckets. */
export async function openEmbeddedServer(options: EmbeddedOptions = {}): Promise<EmbeddedServer> {
  const { maxUploadBytes = 64 * 1024 ** 2, corsOrigins = ['https://studio.example'] } = options;
  await using cleanup = new AsyncDisposableStack();
  const folder = options.folder ?? cleanup.use(await openFolder()).path;
  const server = createServer({ requestTimeout: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanup.defer(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const origin = originOf(server);
  const log = pino({ level: 'silent' });
  const endpoint = cleanup.use(
    await openStorageEndpoint({ folder, secret, publicUrl: () => origin, corsOrigins, maxUploadBytes, log }),
  );
  server.on('request', (request, response) => void endpoint.handle(request, response));
  const { serviceKey } = endpoint;
  const storage = supabaseStorage({ url: `${origin}/storage/v1`, serviceKey, maxUploadBytes });
  await storage.ensureBuckets();
  const kept = cleanup.move();
  return { origin, serviceKey, storage, folder, secret, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

export interface RawRequest {
  readonly method?: string;
  /** Sent as it is: fetch would fold `..` away. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** One request below `/storage/v1` as no client library would send it, with the service key unless headers say otherwise. */
export async function ask(
  server: StorageServer,
  { method = 'GET', path, headers, body }: RawRequest,
): Promise<RawAnswer> {
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const request = openRequest(server.origin, {
    method,
    path: `/storage/v1${path}`,
    headers: { ...length, ...(headers ?? { authorization: `Bearer ${server.serviceKey}` }) },
  });
  request.end(body);
  return answerTo(request);
}

/** What the server answers to a request, read to its end. */
export async function answerTo(request: ClientRequest): Promise<RawAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request.once('response', resolve).once('error', reject);
  const response = await promise;
  return { status: response.statusCode ?? 0, headers: response.headers, body: await buffer(response) };
}

const refusal = z.object({ code: z.string() });

/** The code inside a refusal. */
export const codeIn = ({ body }: RawAnswer): string => refusal.parse(JSON.parse(body.toString())).code;

/** Where a listening server is reached. */
export function originOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port');
  return `http://127.0.0.1:${address.port}`;
}
