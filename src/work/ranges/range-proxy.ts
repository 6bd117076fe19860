import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { thisCorrelation } from '#base/log.ts';
import { Problem, problemFrom } from '#base/problem.ts';
import { openRepeat } from '#base/repeat.ts';
import { loopbackUrl } from '#media/location.ts';
import type { ObjectName, ObjectStorage } from '#providers/object-storage.ts';
import type { Source } from '#work/source.ts';
import { type BlockCache, blockCache } from './block-cache.ts';
import { type ByteRange, byteRange } from './byte-range.ts';
import { isOwnPeer } from './own-peer.ts';
import { readRange } from './read-range.ts';

/** Serves stored recordings to ffmpeg by ranges, so that a cut neither waits for the whole file nor needs the disk. */
export interface RangeProxy extends AsyncDisposable {
  /** Throws NOT_FOUND when there is no such object, PROVIDER_* when storage does not say. */
  open(name: ObjectName, signal: AbortSignal): Promise<Source>;
}

/** 256 KiB would read a sixth less for a single cut and ask four times as often, which a distant storage makes dearer. */
export const blockBytes = 1024 ** 2;

/** A talk's index and the key frames of its best minutes stay between cuts. Bytes, for the whole worker. */
const cacheBytes = 32 * blockBytes;

/**
 * What nobody has read for so long is forgotten: bytes that were erased from storage must not stay in a worker. Longer
 * than a cut takes to come to its next part; looked at twice in that time.
 */
const unusedMs = 120_000;

interface Reading {
  readonly name: ObjectName;
  readonly sizeBytes: number;
  /** Aborted by the proxy alone: bytes could not be had. */
  readonly fault: AbortController;
  /** Aborted when the hold ends: answers on their way are cut. */
  readonly end: AbortController;
  /** Of the stage that opened it: a request of its ffmpeg comes from outside, and would have no id to ask storage with. */
  readonly within: ReturnType<typeof thisCorrelation>;
}

interface Rig {
  readonly storage: ObjectStorage;
  readonly cache: BlockCache;
  readonly readings: Map<string, Reading>;
  readonly closed: AbortController;
}

/** Opens the proxy on a free port of 127.0.0.1. Closing it cuts every line and stops what is being fetched. */
export async function openRangeProxy(storage: ObjectStorage): Promise<RangeProxy> {
  const rig: Rig = {
    storage,
    cache: blockCache(cacheBytes),
    readings: new Map(),
    closed: new AbortController(),
  };
  const forgetting = openRepeat(unusedMs / 2, async () => rig.cache.forgetUnused(unusedMs));
  const server = createServer({ requestTimeout: 0 }, (request, response) => void answer(rig, request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    open: (name, signal) => open(rig, server, { name, signal }),
    [Symbol.asyncDispose]: async () => {
      rig.closed.abort();
      await forgetting[Symbol.asyncDispose]();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function open(
  rig: Rig,
  server: Server,
  { name, signal }: { name: ObjectName; signal: AbortSignal },
): Promise<Source> {
  signal.throwIfAborted();
  const info = await rig.storage.info(name);
  signal.throwIfAborted();
  if (info === null) {
    rig.cache.forget(prefixOf(name));
    throw new Problem('NOT_FOUND', { what: 'The stored recording' });
  }
  const secret = randomBytes(32).toString('base64url');
  const [fault, end] = [new AbortController(), new AbortController()];
  rig.readings.set(secret, { name, sizeBytes: info.sizeBytes, fault, end, within: thisCorrelation() });
  return {
    at: loopbackUrl(portOf(server), secret),
    signal: AbortSignal.any([signal, fault.signal]),
    async [Symbol.asyncDispose]() {
      rig.readings.delete(secret);
      end.abort();
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('the proxy does not listen');
  return address.port;
}

async function answer(rig: Rig, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!(await isOwnPeer(request.socket))) return refuse(response, 404);
  const { method, url, headers } = request;
  const reading = rig.readings.get((url ?? '').slice(1));
  if (!reading) return refuse(response, 404);
  if (method !== 'GET' && method !== 'HEAD') return refuse(response, 405, { allow: 'GET, HEAD' });
  const { sizeBytes } = reading;
  const asked = byteRange(headers.range, sizeBytes);
  if (asked === 'outside') return refuse(response, 416, { 'content-range': `bytes */${sizeBytes}` });
  const range = asked === 'whole' ? { start: 0, end: sizeBytes } : asked;
  response.writeHead(asked === 'whole' ? 200 : 206, {
    'accept-ranges': 'bytes',
    'content-type': 'application/octet-stream',
    'content-length': range.end - range.start,
    ...(asked !== 'whole' && { 'content-range': `bytes ${range.start}-${range.end - 1}/${sizeBytes}` }),
  });
  if (method === 'HEAD') response.end();
  else await send(rig, reading, { range, response });
}

function refuse(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-length': 0, ...headers }).end();
}

/** A reader that leaves early ends the sending; nothing is fetched ahead of one that reads slowly. */
async function send(rig: Rig, reading: Reading, to: { range: ByteRange; response: ServerResponse }): Promise<void> {
  try {
    await pipeline(bytesOf(rig, reading, to.range), to.response, { signal: reading.end.signal });
  } catch {
    to.response.destroy();
  }
}

async function* bytesOf(rig: Rig, reading: Reading, { start, end }: ByteRange): AsyncGenerator<Buffer> {
  const first = Math.floor(start / blockBytes);
  for (let at = start; at < end; ) {
    const index = Math.floor(at / blockBytes);
    const block = await blockAt(rig, reading, index).catch((thrown: unknown) => {
      reading.fault.abort(problemFrom(thrown));
      throw thrown;
    });
    // Who went on from one block to the next will want the one after it: it is on its way while this one is sent.
    if (index > first && (index + 1) * blockBytes < end) blockAt(rig, reading, index + 1).catch(() => {});
    const upTo = Math.min(block.length, end - index * blockBytes);
    yield block.subarray(at - index * blockBytes, upTo);
    at = index * blockBytes + upTo;
  }
}

const prefixOf = ({ bucket, key }: ObjectName): string => `${bucket}/${key}/`;

/** A block is fetched for all who want it, so no single reader's end stops it; the log names who wanted it first. */
const blockAt = (
  { storage, cache, closed }: Rig,
  { name, sizeBytes, within }: Reading,
  index: number,
): Promise<Buffer> =>
  cache.take(`${prefixOf(name)}${index}`, () => {
    const range = { start: index * blockBytes, end: Math.min((index + 1) * blockBytes, sizeBytes) };
    return within(() => readRange(storage, name, { ...range, signal: closed.signal }));
  });
