import type { IncomingMessage } from 'node:http';
import type { Env } from '#base/env.ts';
import { addressOf } from './client-address.ts';
import type { RefusalCode } from './refusal.ts';
import { openWaiting } from './waiting.ts';

/** What a body may be: bytes, and milliseconds until all of it is there. */
interface BodyLimits {
  readonly mostBytes: number;
  readonly mostMs: number;
}

/** The bytes; or why they are refused; or that the client left before all were there. */
export type Body = Buffer | RefusalCode | 'LEFT';

/** Reads bodies whole. */
export interface Bodies {
  read(request: IncomingMessage, limits: BodyLimits): Promise<Body>;
}

/** A body may pause for so long; networks that lose packets take about a second. */
const mostPauseMs = 5_000;

/**
 * Reads bodies before anything is done for those who send them. Nobody else watches over slow ones: recordings come to
 * the same port and may take hours. How many are on their way at a time is bounded; one that came along with its headers,
 * as most do, is never counted.
 */
export function openBodies(env: Pick<Env, 'REQUESTS_AT_ONCE' | 'TRUST_PROXY'>): Bodies {
  const waiting = openWaiting(env.REQUESTS_AT_ONCE);
  return {
    async read(request, { mostBytes, mostMs }) {
      if (Number(request.headers['content-length']) > mostBytes) return 'REQUEST_TOO_LARGE';
      const { promise, resolve: settle } = Promise.withResolvers<Body>();
      const stops = [collect(request, mostBytes, settle)];
      if (!request.complete) {
        stops.push(
          waiting.begin(addressOf(request, env.TRUST_PROXY), () => settle('OVERLOADED')),
          limitTime(request, mostMs, () => settle('TIMED_OUT')),
        );
      }
      const body = await promise;
      for (const stop of stops) stop();
      return body;
    },
  };
}

/** Gives the way to stop, which leaves unread what still comes. */
function collect(request: IncomingMessage, mostBytes: number, settle: (body: Body) => void): () => void {
  const pieces: Buffer[] = [];
  let bytes = 0;
  const take = (piece: Buffer): void => {
    bytes += piece.length;
    pieces.push(piece);
    if (bytes > mostBytes) settle('REQUEST_TOO_LARGE');
  };
  const finish = (): void => settle(Buffer.concat(pieces));
  const leave = (): void => settle('LEFT');
  request.on('data', take).once('end', finish).once('close', leave);
  return () => void request.off('data', take).off('end', finish).off('close', leave);
}

/** One limit for the whole body, one for each pause in it. */
function limitTime(request: IncomingMessage, mostMs: number, late: () => void): () => void {
  const whole = setTimeout(late, mostMs);
  const pause = setTimeout(late, mostPauseMs);
  const moved = (): void => void pause.refresh();
  request.on('data', moved);
  return () => {
    request.off('data', moved);
    clearTimeout(whole);
    clearTimeout(pause);
  };
}

/**
 * The request with its body as Yoga takes one that has been read. As a list of pieces: of a buffer it would make a key of
 * every byte, which took 0.3 s for 1 MiB.
 */
export const withBody = (request: IncomingMessage, bytes: Buffer | null): IncomingMessage =>
  bytes === null ? request : Object.assign(request, { body: { bytes, [Symbol.asyncIterator]: () => onePiece(bytes) } });

async function* onePiece(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
