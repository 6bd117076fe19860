import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openDatabase } from '#base/database.ts';
import type { Env } from '#base/env.ts';
import { withCorrelation } from '#base/log.ts';
import { migrate } from '#embedded/migrations.ts';
import { openPostgres } from '#embedded/postgres.ts';
import { openStorageEndpoint, type StorageEndpoint, storagePath } from '#embedded/storage/endpoint.ts';
import { storageSecret } from '#embedded/storage-secret.ts';
import type { Api } from '#graph/context.ts';
import { openRateLimits } from '#graph/rate-limits.ts';
import { openBodies } from '#http/body.ts';
import { type IdentityWebhook, openIdentityWebhook } from '#http/clerk-webhook.ts';
import { openDocuments } from '#http/documents.ts';
import { openEntrance } from '#http/entrance.ts';
import { type Graphql, openGraphql } from '#http/graphql.ts';
import { type Health, openHealth } from '#http/health.ts';
import { listen } from '#http/listen.ts';
import { openPressure, type Pressure } from '#http/pressure.ts';
import { type Refuse, refusing } from '#http/refusal.ts';
import { secureHeaders } from '#http/secure-headers.ts';
import { cutEndlessSender, openReaders, type Readers } from '#http/slow-reader.ts';
import { openSocket } from '#http/socket.ts';
import { readTrustedDocuments } from '#http/trusted-documents.ts';
import { openDoor } from '#http/viewer.ts';
import { openWaker } from '#pipeline/wake.ts';
import { type Ground, runProcess } from '#process.ts';
import { identityFrom, identityMessagesFrom, storageFrom } from '#runtime.ts';
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
  const database = stack.use(
    openDatabase(postgres.url, log, { max: 16, longestStatementMs: env.EXECUTION_TIMEOUT_MS }),
  );
  const { http, url, close, serve } = await listen(env);
  stack.defer(close);
  const publicUrl = env.PUBLIC_URL ?? url;
  const endpoint = await endpointFor(env, { publicUrl, log });
  if (endpoint) stack.use(endpoint);
  const storage = storageFrom(env, { serverUrl: url, publicUrl, serviceKey: endpoint?.serviceKey }, log);
  const wake = stack.use(openWaker(database.pool, log));
  const feed = stack.use(await openFeed(postgres.url, log, env.CLERK_WEBHOOK_SIGNING_SECRET !== undefined));
  const rates = stack.use(openRateLimits(env, postgres.url, log));
  const api: Api = { env, log, database, storage, wake, feed, rates };
  const entrance = openEntrance(openDoor(await identityFrom(env), api), rates, env.EXECUTION_TIMEOUT_MS);
  const trusted = env.TRUSTED_DOCUMENTS ? await readTrustedDocuments(env.TRUSTED_DOCUMENTS) : null;
  const documents = openDocuments(schema, { introspection: env.introspection, trusted });
  const refuse = refusing(env);
  const bodies = openBodies(env);
  const pressure = openPressure({ env, bodies, refuse });
  const graphql = openGraphql({ schema, api, entrance, documents, pressure });
  const health = openHealth(database, log);
  const identity = openIdentityWebhook(identityMessagesFrom(env), { api, bodies, refuse });
  const parts = {
    graphql,
    endpoint,
    identity,
    health,
    api,
    headers: secureHeaders(env),
    readers: openReaders(env, log),
    pressure,
    refuse,
  };
  serve((request, response) => void answer(request, response, parts));
  // Once more, and here: what is being answered still has all it needs.
  stack.defer(close);
  stack.use(openSocket(http, { schema, api, entrance, documents }));
  await storage.ensureBuckets();
  stack.defer(async () => {
    health.drain();
    await wait(env.DRAIN_MS);
  });
  const open = stack.move();
  log.info({ at: url }, 'API listens');
  return { url, feed, [Symbol.asyncDispose]: () => open.disposeAsync() };
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

interface Parts {
  readonly graphql: Graphql;
  readonly endpoint: StorageEndpoint | null;
  readonly identity: IdentityWebhook;
  readonly health: Health;
  readonly api: Api;
  readonly headers: ReturnType<typeof secureHeaders>;
  readonly readers: Readers;
  readonly pressure: Pressure;
  readonly refuse: Refuse;
}

async function answer(request: IncomingMessage, response: ServerResponse, parts: Parts): Promise<void> {
  const given = request.headers['x-request-id'];
  const correlationId = typeof given === 'string' && /^[\w-]{1,64}$/.test(given) ? given : randomUUID();
  response.setHeader('x-request-id', correlationId);
  for (const [name, value] of Object.entries(parts.headers)) response.setHeader(name, value);
  await withCorrelation({ correlationId }, async () => {
    try {
      if (parts.endpoint && request.url?.startsWith(storagePath)) return await parts.endpoint.handle(request, response);
      parts.readers.watch(request, response);
      cutEndlessSender(request, response);
      if (await parts.identity.answer(request, response)) return;
      if (await parts.health.answer(request, response)) return;
      await parts.pressure.admit(request, response, (body) => parts.graphql(request, response, body));
    } catch (error) {
      parts.api.log.error({ err: error }, 'a request failed');
      parts.refuse(request, response, 'INTERNAL_SERVER_ERROR');
    }
  });
}

if (import.meta.main) await runProcess(openServer);
