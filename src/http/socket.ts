import type { Server } from 'node:http';
import { GraphQLError } from 'graphql';
import { handleProtocols, makeServer } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import type { Api } from '#graph/context.ts';
import { socketLimits as limits } from '#graph/socket-limits.ts';
import { addressOf } from './client-address.ts';
import type { Entrance } from './entrance.ts';
import { maskError } from './masked-errors.ts';
import { isOriginAllowed } from './origin.ts';
import { type Guest, openGuest } from './socket-guest.ts';
import { keepAlive, openLine } from './socket-line.ts';
import { type Answering, executed, prepared, subscribed } from './socket-operation.ts';

const restarting = 1012;

/**
 * GraphQL over WebSocket (graphql-transport-ws) on the API's own port. The token comes in connectionParams; the client
 * renews it with `{ type: "ping", payload: { token } }`, else the socket closes with 4403 when it runs out: clients take
 * a new one and connect again (4401 they would treat as fatal).
 */
export function openSocket(server: Server, parts: Answering & { entrance: Entrance }): AsyncDisposable {
  const { entrance, api } = parts;
  const { env, log } = api;
  const protocol = protocolOf(parts);
  const house = { entrance, log, seats: new Map<string, number>(), seatsEach: env.SOCKETS_PER_USER };
  const sockets = new WebSocketServer({
    server,
    path: '/graphql',
    maxPayload: limits.messageBytes,
    handleProtocols,
    verifyClient: ({ req }, done) => done(isOriginAllowed(req.headers.origin, env), 403, 'Forbidden'),
  });
  sockets.on('connection', (socket, request) => {
    const guest = openGuest(socket, addressOf(request, env.TRUST_PROXY), house);
    // ws has closed it with the code of the fault: too large, not UTF-8, no valid frame.
    socket.on('error', (error) => log.debug({ err: error }, 'a socket broke'));
    const closed = protocol.opened(openLine(socket, log), { guest });
    socket.once('close', (code, reason) => {
      guest.leave();
      closed(code, reason.toString()).catch((error: unknown) => log.error({ err: error }, 'a socket was not left'));
    });
    keepAlive(socket, env.SOCKET_PING_MS);
  });
  return { [Symbol.asyncDispose]: () => closeAll(sockets) };
}

/** What the protocol asks of us at each message. */
function protocolOf(parts: Answering) {
  const { api } = parts;
  return makeServer<Record<string, unknown>, { guest: Guest }>({
    connectionInitWaitTimeout: limits.initMs,
    onConnect: ({ connectionParams, extra }) => entered(extra.guest, connectionParams, api),
    onPing: ({ extra }, payload) => extra.guest.renew(payload),
    onSubscribe: ({ extra, subscriptions }, _id, payload) =>
      Object.keys(subscriptions).length > limits.operations
        ? [tooMany()]
        : prepared({ guest: extra.guest, payload }, parts),
    execute: (args) => executed(args, api),
    subscribe: (args) => subscribed(args, api),
    // Those of `prepared` are masked; what the library says itself is not.
    onError: (...[, , , errors]) =>
      errors.map((error) => ('correlationId' in error.extensions ? error : maskError(error, api.log)).toJSON()),
  });
}

/** While the database is away nobody can be let in: clients try again later. */
async function entered(guest: Guest, connectionParams: unknown, { log }: Api): Promise<boolean> {
  try {
    return await guest.enter(connectionParams);
  } catch (error) {
    log.error({ err: error }, 'a socket could not be opened');
    return guest.turnAway('Try again later');
  }
}

const tooMany = (): GraphQLError =>
  new GraphQLError(`A socket takes ${limits.operations} operations at a time: complete one first.`, {
    extensions: { code: 'TOO_MANY_OPERATIONS' },
  });

/** Clients connect again at once, elsewhere or here once we are back. */
async function closeAll(sockets: WebSocketServer): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const socket of sockets.clients) socket.close(restarting, 'Service restart');
  // A client that does not answer the close would hold the process for thirty seconds.
  const limit = setTimeout(() => sockets.clients.forEach((socket) => socket.terminate()), 2_000);
  sockets.close(() => resolve());
  await promise;
  clearTimeout(limit);
}
