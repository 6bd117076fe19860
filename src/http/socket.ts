import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import {
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type GraphQLError,
  type GraphQLSchema,
  subscribe,
} from 'graphql';
import { CloseCode, type SubscribePayload } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { withCorrelation } from '#base/log.ts';
import type { Api, Context, Viewer } from '#graph/context.ts';
import { type Documents, openDocuments } from './documents.ts';
import { maskError } from './masked-errors.ts';
import type { Door } from './viewer.ts';

/** What a socket keeps between its operations. */
type Extra = Record<PropertyKey, unknown> & { viewer?: Viewer; expiry?: NodeJS.Timeout };

const path = '/graphql';
const restarting = 1012;

/**
 * GraphQL over WebSocket (graphql-transport-ws) on the API's own port. The token comes in connectionParams and the
 * socket closes with 4403 when it runs out: clients take a new one and connect again (4401 they would treat as fatal).
 */
export function openSocket(
  server: Server,
  schema: GraphQLSchema,
  { api, door }: { api: Api; door: Door },
): AsyncDisposable {
  const sockets = new WebSocketServer({ server, path, maxPayload: 64 * 1024 });
  const grammar = { schema, documents: openDocuments(schema) };
  const { dispose } = useServer<Record<string, unknown>, Extra>(
    {
      schema,
      execute,
      subscribe: async (args) => inContext(await subscribe(args)),
      connectionInitWaitTimeout: 3_000,
      context: ({ extra }): Context => ({ api, viewer: extra.viewer ?? null }),
      onSubscribe: (_context, _id, payload) => preparedFrom(grammar, payload),
      onConnect: async ({ connectionParams, extra }) => {
        const given = connectionParams?.authorization ?? connectionParams?.Authorization;
        const entered = await door.enter(typeof given === 'string' ? given : null);
        if (!entered) return false;
        extra.viewer = entered.viewer;
        const left = Math.min(entered.session.expiresAt.getTime() - Date.now(), 2 ** 31 - 1);
        extra.expiry = setTimeout(() => extra.socket.close(CloseCode.Forbidden, 'Forbidden'), left).unref();
        return true;
      },
      onDisconnect: ({ extra }) => clearTimeout(extra.expiry),
      onError: (...[, , , errors]) => errors.map((error) => maskError(error, api.log).toJSON()),
      onNext: (...[, , , , result]) => {
        if (!result.errors) return undefined;
        return { data: result.data ?? null, errors: result.errors.map((error) => maskError(error, api.log).toJSON()) };
      },
    },
    sockets,
    12_000,
  );
  return {
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets.clients) socket.close(restarting, 'Service restart');
      // A client that does not answer the close would hold the process for thirty seconds.
      const limit = setTimeout(() => sockets.clients.forEach((socket) => socket.terminate()), 2_000);
      await dispose();
      clearTimeout(limit);
    },
  };
}

/** What operations are read by. */
interface Grammar {
  readonly schema: GraphQLSchema;
  readonly documents: Documents;
}

/**
 * An operation ready to run, or what is wrong with it. Left to the library, a syntax error would be thrown, which closes
 * the socket and ends every other subscription on it.
 */
function preparedFrom(
  { schema, documents }: Grammar,
  payload: SubscribePayload,
): ExecutionArgs | readonly GraphQLError[] {
  const document = documents(payload.query);
  if (!('kind' in document)) return document;
  const { operationName, variables: variableValues } = payload;
  return { schema, document, operationName, variableValues };
}

/**
 * Each step of a subscription runs in its own correlation: the iterator is driven by whoever calls next(), so a context
 * set around subscribe() alone would not reach it.
 */
function inContext(
  result: ExecutionResult | AsyncIterableIterator<ExecutionResult>,
): ExecutionResult | AsyncIterableIterator<ExecutionResult> {
  if (!(Symbol.asyncIterator in result)) return result;
  const store = { correlationId: randomUUID() };
  const stepped: AsyncIterableIterator<ExecutionResult> = {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () => withCorrelation(store, () => result.next()),
    return: () => withCorrelation(store, () => result.return?.() ?? Promise.resolve({ done: true, value: undefined })),
  };
  return stepped;
}
