import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https';
import type { Env } from '#base/env.ts';
import { Problem } from '#base/problem.ts';
import { certificateFrom } from '#embedded/certificate.ts';
import { preflight } from './cors.ts';
import { refusing } from './refusal.ts';

/** A port that is listened at. */
export interface Listener {
  readonly http: Server | SecureServer;
  /** Where it listens, such as http://127.0.0.1:4000. */
  readonly url: string;
  /** Answers from now on by this. */
  readonly serve: (answer: RequestListener) => void;
  /** Closing it again changes nothing. */
  readonly close: () => Promise<void>;
}

/** How long a connection may take over its headers, and how often that is looked after, in milliseconds. */
interface Patience {
  readonly headersMs: number;
  readonly everyMs: number;
}

/**
 * Listens at HOST and PORT, by HTTPS where the environment wants it. The port must be known before the rest can open; a
 * request that comes in between is told to come again. Throws PORT_IN_USE.
 */
export async function listen(
  env: Env,
  { headersMs, everyMs }: Patience = { headersMs: 15_000, everyMs: 5_000 },
): Promise<Listener> {
  const options = {
    // Recordings of gigabytes take longer than any fixed limit; the storage watches over silent clients itself.
    requestTimeout: 0,
    // By default it is the limit above where that is smaller: none at all.
    headersTimeout: headersMs,
    handshakeTimeout: headersMs,
    connectionsCheckingInterval: everyMs,
    // Before there are sockets, who wants one is told to come again as everybody else.
    shouldUpgradeCallback: (request: IncomingMessage) => http.listenerCount('upgrade') > 0 && wantsSocket(request),
  };
  const certificate = await certificateFrom(env);
  const http: Listener['http'] = certificate
    ? createSecureServer({ ...options, ...certificate })
    : createServer(options);
  http.maxConnections = env.CONNECTIONS_AT_ONCE;
  const tooEarly = earlyAnswer(env);
  http.on('request', tooEarly);
  const listening = Promise.withResolvers<void>();
  http.once('error', (error: NodeJS.ErrnoException) =>
    listening.reject(error.code === 'EADDRINUSE' ? new Problem('PORT_IN_USE', { port: env.PORT }, error) : error),
  );
  http.listen(env.PORT, env.HOST, () => listening.resolve());
  await listening.promise;
  return {
    http,
    url: urlOf(http, env),
    serve: (answer) => void http.off('request', tooEarly).on('request', answer),
    close: () => closeOf(http),
  };
}

/**
 * Whether a connection is to become a socket. Any other protocol is an offer (HTTP/2 in clear text, by curl and by clients of
 * Java), which is declined by answering the request as if it had not been made: RFC 9110, 7.8.
 */
const wantsSocket = ({ headers }: IncomingMessage): boolean => headers.upgrade?.toLowerCase() === 'websocket';

function earlyAnswer(env: Env): RequestListener {
  const refuse = refusing(env);
  return (request, response) => {
    if (!preflight(request, response, env)) refuse(request, response, 'STARTING');
  };
}

/** PORT 0 is a free one, and 0.0.0.0 is no address to call. */
function urlOf(http: Listener['http'], env: Env): string {
  const address = http.address();
  const port = typeof address === 'object' && address ? address.port : env.PORT;
  return `${env.https ? 'https' : 'http'}://${env.HOST === '0.0.0.0' ? '127.0.0.1' : env.HOST}:${port}`;
}

/** Answers what is being asked, for at most five seconds. */
async function closeOf(http: Listener['http']): Promise<void> {
  if (!http.listening) return;
  const closed = once(http, 'close');
  http.close();
  const limit = setTimeout(() => http.closeAllConnections(), 5_000);
  await closed;
  clearTimeout(limit);
}
