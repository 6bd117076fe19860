import type { IncomingMessage, ServerResponse } from 'node:http';
import { finished } from 'node:stream/promises';
import type { z } from 'zod';
import { Refusal } from './refusal.ts';

/** One request, with the names its path carries (empty where the route has none). */
export interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
}

/** Ends a call with JSON. */
export function answer({ response }: Call, body: unknown): void {
  const text = Buffer.from(JSON.stringify(body));
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': text.length });
  response.end(text);
}

const longestJsonBytes = 1024 ** 2;

/** The JSON body of a call, checked. Throws InvalidRequest, or BodyTooLarge above 1 MiB. */
export async function readJson<T>({ request }: Call, schema: z.ZodType<T>): Promise<T> {
  const parsed = schema.safeParse(jsonOf(await readText(request)));
  if (!parsed.success) throw new Refusal('InvalidRequest', parsed.error);
  return parsed.data;
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of bytesOf(request)) {
    sizeBytes += chunk.length;
    if (sizeBytes > longestJsonBytes) throw new Refusal('BodyTooLarge');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function jsonOf(text: string): unknown {
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch (thrown) {
    throw new Refusal('InvalidRequest', thrown);
  }
}

/** The body as it arrives. Leaving the loop early keeps the socket: the refusal still has to go out on it. */
export const bytesOf = (request: IncomingMessage): AsyncIterable<Buffer> =>
  request.iterator({ destroyOnReturn: false });

/**
 * Ends a call with a refusal, at once, though bytes may still be arriving. Those are read and dropped before the
 * connection closes: a socket closed over unread bytes is reset, and the client would never see the answer.
 */
export async function refuse({ request, response }: Call, refusal: Refusal, form: 'json' | 'text'): Promise<void> {
  if (response.headersSent) {
    response.destroy(refusal);
    return;
  }
  const body = Buffer.from(form === 'json' ? JSON.stringify(refusal.body) : `${refusal.message}\n`);
  response.removeHeader('content-disposition');
  response.writeHead(form === 'json' ? refusal.httpStatus : refusal.status, {
    'content-type': form === 'json' ? 'application/json; charset=utf-8' : 'text/plain; charset=utf-8',
    'content-length': body.length,
    'cache-control': 'no-store',
    ...(isArriving(request) && { connection: 'close' }),
  });
  response.write(body);
  if (isArriving(request)) await drain(request);
  response.end();
}

const isArriving = (request: IncomingMessage): boolean =>
  !request.complete &&
  (request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0);

const drainMs = 30_000;

async function drain(request: IncomingMessage): Promise<void> {
  request.resume();
  await finished(request, { writable: false, signal: AbortSignal.timeout(drainMs) }).catch(() => {});
}
