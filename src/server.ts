import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openDatabase } from '#base/database.ts';
import type { Env } from '#base/env.ts';
import { withCorrelation } from '#base/log.ts';
import { Problem } from '#base/problem.ts';
import { openDevelopmentKeys } from '#embedded/development-keys.ts';
import { migrate } from '#embedded/migrations.ts';
import { openPostgres } from '#embedded/postgres.ts';
import { openStorageEndpoint, type StorageEndpoint, storagePath } from '#embedded/storage/endpoint.ts';
import { storageSecret } from '#embedded/storage-secret.ts';
import type { Api } from '#graph/context.ts';
import { openRateLimits } from '#graph/rate-limits.ts';
import { type Health, openHealth } from '#http/health.ts';
import { openSocket } from '#http/socket.ts';
import { openDoor } from '#http/viewer.ts';
import { openYoga } from '#http/yoga.ts';
import { openWaker } from '#pipeline/wake.ts';
import { type Ground, runProcess } from '#process.ts';
import { clerkIdentity } from '#providers/identity.clerk.ts';
import type { Identity } from '#providers/identity.ts';
import { storageFrom } from '#runtime.ts';
import { schema } from '#schema.ts';
import { type Feed, openFeed } from './feed/feed.ts';

/** A listening API. */
export interface ApiServer extends AsyncDisposable {
  /** Where it listens, such as http://127.0.0.1:4000. */
  readonly url: string;
  /** Who follows runs at present. */
  readonly feed: Feed;
}

/** Opens the API: database, embedded storage where none is configured, GraphQL over HTTP and sockets, health. */
export async function openServer({ env, log }: Ground): Promise<ApiServer> {
  await using stack = new AsyncDisposableStack();
  const postgres = stack.use(await openPostgres(env, log));
  await migrate(postgres.url, log);
  const database = stack.use(openDatabase(postgres.url, log));
  const { http, url, close } = await listen(env);
  stack.defer(close);
  const publicUrl = env.PUBLIC_URL ?? url;
  const endpoint = await endpointFor(env, { publicUrl, log });
  if (endpoint) stack.use(endpoint);
  const storage = storageFrom(env, { serverUrl: url, publicUrl, serviceKey: endpoint?.serviceKey });
  const wake = stack.use(openWaker(database.pool, log));
  const feed = stack.use(await openFeed(postgres.url, log));
  const rates = stack.use(openRateLimits(env, postgres.url, log));
  const api: Api = { env, log, database, storage, wake, feed, rates };
  const door = openDoor(await identityFrom(env), api);
  const yoga = openYoga(schema, api, door);
  const health = openHealth(database, log);
  http.off('request', tooEarly);
  http.on('request', (request, response) => void answer(request, response, { yoga, endpoint, health, api }));
  // Once more, and here: what is being answered still has all it needs.
  stack.defer(close);
  stack.use(openSocket(http, schema, { api, door }));
  await storage.ensureBuckets();
  stack.defer(async () => {
    health.drain();
    await wait(env.DRAIN_MS);
  });
  const open = stack.move();
  log.info({ at: url }, 'API listens');
  return { url, feed, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

interface Listener {
  readonly http: Server;
  readonly url: string;
  /** Closing it again changes nothing. */
  readonly close: () => Promise<void>;
}

async function listen(env: Env): Promise<Listener> {
  // Recordings of gigabytes take longer than any fixed limit; the storage watches over silent clients itself.
  const http = createServer({ requestTimeout: 0 });
  http.on('request', tooEarly);
  const listening = Promise.withResolvers<void>();
  http.once('error', (error: NodeJS.ErrnoException) =>
    listening.reject(error.code === 'EADDRINUSE' ? new Problem('PORT_IN_USE', { port: env.PORT }, error) : error),
  );
  http.listen(env.PORT, env.HOST, () => listening.resolve());
  await listening.promise;
  return { http, url: urlOf(http, env), close: () => closeOf(http) };
}

/** The port must be known before the rest can open; a request that comes in between would never be answered. */
function tooEarly(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(503, { 'content-type': 'text/plain', 'retry-after': '1' }).end('starting\n');
}

/** PORT 0 is a free one, and 0.0.0.0 is no address to call. */
function urlOf(http: Server, env: Env): string {
  const address = http.address();
  const port = typeof address === 'object' && address ? address.port : env.PORT;
  return `http://${env.HOST === '0.0.0.0' ? '127.0.0.1' : env.HOST}:${port}`;
}

/** Answers what is being asked, for at most five seconds. */
async function closeOf(http: Server): Promise<void> {
  if (!http.listening) return;
  const closed = once(http, 'close');
  http.close();
  const limit = setTimeout(() => http.closeAllConnections(), 5_000);
  await closed;
  clearTimeout(limit);
}

async function endpointFor(
  env: Env,
  { publicUrl, log }: { publicUrl: string; log: Api['log'] },
): Promise<StorageEndpoint | null> {
  if (env.SUPABASE_URL) return null;
  return openStorageEndpoint({
    folder: path.join(env.home, 'storage'),
    secret: await storageSecret(env),
    publicUrl: () => publicUrl,
    corsOrigins: env.CORS_ORIGINS,
    maxUploadBytes: env.MAX_UPLOAD_BYTES,
    log,
  });
}

async function identityFrom(env: Env): Promise<Identity> {
  if (env.CLERK_JWT_KEY && env.CLERK_JWT_ISSUER) {
    return clerkIdentity({
      jwtKey: env.CLERK_JWT_KEY,
      issuer: env.CLERK_JWT_ISSUER,
      authorizedParties: env.CLERK_AUTHORIZED_PARTIES,
    });
  }
  return clerkIdentity(await openDevelopmentKeys(env));
}

interface Parts {
  readonly yoga: ReturnType<typeof openYoga>;
  readonly endpoint: StorageEndpoint | null;
  readonly health: Health;
  readonly api: Api;
}

async function answer(request: IncomingMessage, response: ServerResponse, parts: Parts): Promise<void> {
  const given = request.headers['x-request-id'];
  const correlationId = typeof given === 'string' && /^[\w-]{1,64}$/.test(given) ? given : randomUUID();
  response.setHeader('x-request-id', correlationId);
  await withCorrelation({ correlationId }, async () => {
    try {
      if (parts.endpoint && request.url?.startsWith(storagePath)) await parts.endpoint.handle(request, response);
      else if (!(await parts.health.answer(request, response))) await parts.yoga(request, response);
    } catch (error) {
      parts.api.log.error({ err: error }, 'a request failed');
      if (!response.headersSent) response.writeHead(500);
      response.end();
    }
  });
}

if (import.meta.main) await runProcess(openServer);
