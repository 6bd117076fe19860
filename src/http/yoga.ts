import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import { type ExecutionResult, GraphQLError, type GraphQLSchema } from 'graphql';
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import type { Log } from '#base/log.ts';
import type { Api, Context } from '#graph/context.ts';
import { openingDocument } from './graphiql.ts';
import { maskError, withCode } from './masked-errors.ts';
import { endingWithToken } from './token-end.ts';
import type { Door } from './viewer.ts';

/** What a request over HTTP gives, and until when its token holds. */
interface RequestContext extends Context {
  readonly expiresAt: Date | null;
}

/**
 * A subscription asked for with an Accept that allows no event stream is refused before its source starts: Yoga would
 * answer 406 and leave the started source running.
 */
const onlyStreams: Plugin = {
  onSubscribe({ args, setResultAndStopExecution }) {
    const { request } = args.contextValue as { request?: Request };
    if (takesStreams(request?.headers.get('accept') ?? '*/*')) return;
    setResultAndStopExecution({
      errors: [
        new GraphQLError('A subscription over HTTP needs "Accept: text/event-stream".', {
          extensions: { code: 'NOT_ACCEPTABLE', http: { status: 406 } },
        }),
      ],
    });
  },
};

/** No stream outlives the token it was asked for with. */
const endWithTokens: Plugin<RequestContext> = {
  onSubscribe: ({ args }) => ({
    onSubscribeResult({ result, setResult }) {
      const { expiresAt } = args.contextValue;
      if (expiresAt && isStream(result)) setResult(endingWithToken(result, expiresAt));
    },
  }),
};

const isStream = (result: object): result is AsyncIterableIterator<ExecutionResult> => Symbol.asyncIterator in result;

/** As Yoga reads the header: another charset than UTF-8 takes a type off the list. */
const takesStreams = (accept: string): boolean =>
  accept
    .toLowerCase()
    .split(',')
    .some((type) => /^\s*(text\/event-stream|\*\/\*)\s*(;|$)/.test(type) && !/charset=(?!utf-8)/.test(type));

/** Faults of a document get a code and the request's id, which Yoga gives to faults of its own and of resolvers only. */
const codedFaults = (log: Log): Plugin => ({
  onValidate:
    () =>
    ({ valid, result, setResult }) => {
      if (valid) return;
      const faults = result.filter((fault) => fault instanceof GraphQLError);
      setResult(withCode(faults, 'GRAPHQL_VALIDATION_FAILED').map((fault) => maskError(fault, log)));
    },
});

/** GraphQL over HTTP and server-sent events, with GraphiQL outside production. */
export function openYoga(schema: GraphQLSchema, api: Api, door: Door): YogaServerInstance<object, RequestContext> {
  const { env, log } = api;
  return createYoga<object, RequestContext>({
    schema,
    plugins: [onlyStreams, endWithTokens, codedFaults(log)],
    landingPage: false,
    batching: false,
    multipart: false,
    // Callers show a token, never a cookie: no origin is given the browser's credentials.
    cors: {
      origin: env.CORS_ORIGINS,
      methods: ['GET', 'POST', 'OPTIONS'],
      credentials: false,
      exposedHeaders: ['x-request-id'],
    },
    graphiql: env.production
      ? false
      : // Its subscriptions go by server-sent events: over a socket it would not pass on the token of its Headers tab.
        { title: 'Offprint', subscriptionsProtocol: 'SSE', defaultQuery: openingDocument },
    renderGraphiQL,
    maskedErrors: { maskError: (error) => withStatus(maskError(error, log)) },
    logging: {
      debug: (...words) => log.debug({ words }),
      info: (...words) => log.info({ words }),
      warn: (...words) => log.warn({ words }),
      // Yoga repeats every error here, the caller's own ones too; `maskError` has logged those that are ours.
      error: (...words) => log.debug({ words }),
    },
    context: async ({ request }): Promise<RequestContext> => {
      const entered = await door.enter(request.headers.get('authorization'));
      return { api, viewer: entered?.viewer ?? null, expiresAt: entered?.session.expiresAt ?? null };
    },
  });
}

/** Where nothing was answered at all, because the database is away, balancers and clients must see more than a 200. */
function withStatus(error: GraphQLError): GraphQLError {
  const { message, path, extensions } = error;
  if (path || extensions.code !== 'INTERNAL_SERVER_ERROR') return error;
  return new GraphQLError(message, { extensions: { ...extensions, http: { status: 500 } } });
}
