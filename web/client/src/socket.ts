import { createClient, type Client as Socket } from 'graphql-ws/client';
import { growingMs } from './again.ts';
import { OffprintError } from './failure.ts';
import type { Settings } from './settings.ts';
import { openRenewal } from './token-renewal.ts';

const pingEveryMs = 12_000;
/** A peer that says nothing for so long after a ping is gone: a phone that changed networks hears of no close. */
const pongWithinMs = 5_000;
/** A page that is left for another keeps the connection. */
const idleMs = 3_000;
/** 4403 without an acknowledgement in between: the token is refused, and not only too old. */
const refusalsInARow = 4;
const refused = 4403;
/** Nobody was let in; the library does not try again. */
const unauthorized = 4401;

/**
 * The one socket of a client. It connects with the first subscription, again and again after it breaks, and closes when
 * the last one has ended. What cannot go well by trying again (a refused token, a fault of the protocol) ends the
 * subscriptions.
 */
export function openSocket({ socketUrl, authorization, webSocket }: Settings): Socket {
  const renewal = openRenewal(authorization);
  let refusals = 0;
  let shown: string | null = null;
  let pong: ReturnType<typeof setTimeout> | undefined;
  const socket = createClient({
    url: socketUrl,
    ...(webSocket !== undefined && { webSocketImpl: webSocket }),
    connectionParams: async () => {
      shown = await authorization();
      return shown ? { authorization: shown } : {};
    },
    keepAlive: pingEveryMs,
    lazyCloseTimeout: idleMs,
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait,
    shouldRetry: (event) => !isRefusal(event) || refusals < refusalsInARow,
    on: {
      connected: (opened) => {
        refusals = 0;
        // The library says no type; it is the WebSocket that it made.
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        renewal.connected(opened as WebSocket, shown);
      },
      ping: (received) => {
        if (!received) pong = setTimeout(() => socket.terminate(), pongWithinMs);
      },
      pong: (received) => {
        if (received) clearTimeout(pong);
      },
      closed: (event) => {
        clearTimeout(pong);
        renewal.closed();
        if (isRefusal(event)) refusals += 1;
      },
    },
  });
  return socket;
}

const retryWait = (retries: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, growingMs(retries)));

const codeIn = (event: unknown): number | null =>
  typeof event === 'object' && event !== null && 'code' in event && typeof event.code === 'number' ? event.code : null;

const isRefusal = (event: unknown): boolean => codeIn(event) === refused;

/** What ended a subscription for good, as what is thrown. */
export function brokenBy(event: unknown): OffprintError {
  const code = codeIn(event);
  if (code === refused || code === unauthorized)
    return new OffprintError('UNAUTHENTICATED', { message: 'The token was refused.', cause: event });
  const reason = code === null ? 'the connection broke' : `the connection was closed with ${code}`;
  return new OffprintError('NETWORK', { message: `The subscription ended: ${reason}.`, cause: event });
}
