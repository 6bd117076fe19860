import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import { GraphQLError } from 'graphql';
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import { z } from 'zod';
import { type Answering, answer } from './answer.ts';
import { corsOf } from './cors.ts';
import { onlyPreflighted, onlyReadable } from './cross-site.ts';
import { graphiqlPolicy, openingDocument } from './graphiql.ts';
import { maskError } from './masked-errors.ts';
import type { Pressure } from './pressure.ts';
import { incomingOf } from './request-rate.ts';
import { idIn } from './trusted-documents.ts';

/** All that GraphQL over HTTP knows, server-sent events, and GraphiQL where the environment wants it. */
export function openYoga(
  answering: Answering & { readonly pressure: Pressure; readonly counted: Plugin },
): YogaServerInstance<object, object> {
  const { schema, api, pressure, counted } = answering;
  const { env, log } = api;
  return createYoga<object, object>({
    schema,
    plugins: [counted, onlyPreflighted, onlyReadable, answers(answering), graphiqlPolicy, lettingIn(pressure)],
    extraParamNames: ['documentId'],
    landingPage: false,
    batching: false,
    multipart: false,
    // `documents` has read and validated what runs.
    parserAndValidationCache: false,
    // Bodies are read before, where they are limited.
    maxRequestBodySize: false,
    cors: corsOf(env),
    graphiql: env.graphiql
      ? // Its subscriptions go by server-sent events: over a socket it would not pass on the token of its Headers tab.
        { title: 'Offprint', subscriptionsProtocol: 'SSE', defaultQuery: openingDocument }
      : false,
    renderGraphiQL,
    maskedErrors: { maskError: (error) => withStatus(error, maskError(error, log)) },
    logging: {
      debug: (...words) => log.debug({ words }),
      info: (...words) => log.info({ words }),
      warn: (...words) => log.warn({ words }),
      // Yoga repeats every error here, the caller's own ones too; `maskError` has logged those that are ours.
      error: (...words) => log.debug({ words }),
    },
  });
}

/** The answer is whole here, or its stream is open, and nothing of it has been sent yet. */
const lettingIn = (pressure: Pressure): Plugin => ({
  onResponse({ serverContext }) {
    pressure.made(incomingOf(serverContext));
  },
});

/**
 * In the place of Yoga's own steps from the text to the answer: those read a document in several passes of hooks, know no
 * limits and hold over HTTP only. They took 0.1 ms of the 0.4 ms of processor time that Yoga adds to a request.
 */
const answers = (answering: Answering): Plugin => ({
  onParams({ request, params, context, setParams, setParamsHandler }) {
    const documentId = idOf(request, params);
    // Yoga asks for a text, which a document that is meant by its id has not.
    const byItsId = { ...params, query: '', documentId };
    if (documentId) setParams(byItsId);
    setParamsHandler((asked) => answer({ ...asked, incoming: incomingOf(context) }, answering));
  },
});

const byId = z.object({
  documentId: z.string().min(1).optional(),
  extensions: z.record(z.string(), z.unknown()).nullish(),
  query: z.null().optional(),
});

/** The id that stands in the place of a text, also as the extension; Yoga reads `documentId` from a body only. */
function idOf({ method, url }: Request, params: unknown): string | null {
  const { data } = byId.safeParse(params);
  const given = data ? idIn(data) : null;
  if (given || method !== 'GET') return given;
  const { searchParams } = new URL(url, 'http://localhost');
  return searchParams.has('query') ? null : searchParams.get('documentId');
}

/** What Yoga says of an error, for the status of the answer. */
const ofYoga = z.object({ originalError: z.unknown(), http: z.looseObject({ spec: z.boolean() }) });

/**
 * Where nothing was answered at all, because the database is away, balancers and clients must see more than a 200; and
 * so they must of a body that is not JSON, which Yoga tells by the error behind it, that is masked here.
 */
function withStatus(thrown: unknown, error: GraphQLError): GraphQLError {
  const { message, path, extensions } = error;
  const told = thrown instanceof GraphQLError ? ofYoga.safeParse(thrown.extensions).data : undefined;
  if (told?.originalError !== undefined) {
    return new GraphQLError(message, { extensions: { ...extensions, http: { ...told.http, spec: false } } });
  }
  if (path || extensions.code !== 'INTERNAL_SERVER_ERROR') return error;
  return new GraphQLError(message, { extensions: { ...extensions, http: { status: 500 } } });
}
