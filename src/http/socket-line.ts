import { randomBytes, randomUUID } from 'node:crypto';
import { CloseCode, type WebSocket as Line } from 'graphql-ws';
import type { RawData, WebSocket } from 'ws';
import { type Log, withCorrelation } from '#base/log.ts';
import { socketLimits } from '#graph/socket-limits.ts';

/**
 * A WebSocket as the protocol's server drives it: text in both directions, a bound for what waits, nothing ever thrown.
 * Each message has a correlation of its own, in which the library goes on with the operation that it asks for.
 */
export function openLine(socket: WebSocket, log: Log): Line {
  return {
    protocol: socket.protocol,
    close: (code, reason) => socket.close(code, reason),
    send: (text) => send(socket, text, log),
    onMessage: (take) => {
      socket.on('message', (data, binary) => {
        // What comes while the socket closes would still be run.
        if (socket.readyState !== socket.OPEN) return;
        if (binary) socket.close(CloseCode.BadRequest, 'Binary frames are not understood');
        else void inOwnCorrelation(() => take(text(data)).catch((error: unknown) => fail(socket, error, log)));
      });
    },
    // The library's own answer would send a renewed token back.
    onPing: () => send(socket, pong, log),
  };
}

const inOwnCorrelation = <T>(body: () => T): T => withCorrelation({ correlationId: randomUUID() }, body);

const text = (data: RawData): string =>
  (Array.isArray(data) ? Buffer.concat(data) : data instanceof ArrayBuffer ? Buffer.from(data) : data).toString();

const pong = JSON.stringify({ type: 'pong' });

function send(socket: WebSocket, text: string, log: Log): Promise<void> {
  const sent = Promise.withResolvers<void>();
  if (socket.readyState !== socket.OPEN) return Promise.resolve();
  if (socket.bufferedAmount > socketLimits.waitingBytes) {
    log.info({ waitingBytes: socket.bufferedAmount }, 'a reader was too slow and is cut off');
    socket.terminate();
    return Promise.resolve();
  }
  // A failure is followed by the socket's end, which tells everything that waits.
  socket.send(text, () => sent.resolve());
  return sent.promise;
}

/** Nothing that a client sends comes here; what does is a fault of ours. */
function fail(socket: WebSocket, error: unknown, log: Log): void {
  log.error({ err: error }, 'a message on a socket failed');
  socket.close(CloseCode.InternalServerError, 'Internal server error');
}

/**
 * Pings a socket and cuts it off when the last ping was not answered by the next. The answer must repeat what was sent:
 * it comes behind everything that waits for the reader, and whoever reads nothing cannot guess it.
 */
export function keepAlive(socket: WebSocket, everyMs: number): void {
  let asked: Buffer | null = null;
  const timer = setInterval(() => {
    if (asked) return socket.terminate();
    asked = randomBytes(4);
    socket.ping(asked);
  }, everyMs);
  socket.on('pong', (answer) => {
    if (asked?.equals(answer)) asked = null;
  });
  // Pings of the client are answered by ws itself, and those answers wait, too.
  socket.on('ping', () => {
    if (socket.bufferedAmount > socketLimits.waitingBytes) socket.terminate();
  });
  socket.once('close', () => clearInterval(timer));
}
