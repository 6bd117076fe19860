import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import type { Api, Context } from '#graph/context.ts';
import { openingDocument } from './graphiql.ts';
import { maskError } from './masked-errors.ts';
import type { Door } from './viewer.ts';

/**
 * A subscription asked for with an Accept that allows no event stream is refused before its source starts: Yoga would
 * answer 406 and leave the started source running.
 */
const onlyStreams: Plugin = {
  onSubscribe({ args, setResultAndStopExecution }) {
    const { request } = args.contextValue as { request?: Request };
    if (/text\/event-stream|\*\/\*/.test(request?.headers.get('accept') ?? '*/*')) return;
    setResultAndStopExecution({
      errors: [
        new GraphQLError('A subscription over HTTP needs "Accept: text/event-stream".', {
          extensions: { code: 'NOT_ACCEPTABLE', http: { status: 406 } },
        }),
      ],
    });
  },
};

/** GraphQL over HTTP and server-sent events, with GraphiQL outside production. */
export function openYoga(schema: GraphQLSchema, api: Api, door: Door): YogaServerInstance<object, Context> {
  const { env, log } = api;
  return createYoga<object, Context>({
    schema,
    plugins: [onlyStreams],
    landingPage: false,
    batching: false,
    multipart: false,
    cors: { origin: env.CORS_ORIGINS, methods: ['GET', 'POST', 'OPTIONS'] },
    graphiql: env.production
      ? false
      : // Its subscriptions go by server-sent events: over a socket it would not pass on the token of its Headers tab.
        { title: 'Offprint', subscriptionsProtocol: 'SSE', defaultQuery: openingDocument },
    renderGraphiQL,
    maskedErrors: { maskError: (error) => maskError(error, log) },
    logging: {
      debug: (...words) => log.debug({ words }),
      info: (...words) => log.info({ words }),
      warn: (...words) => log.warn({ words }),
      error: (...words) => log.error({ words }),
    },
    context: async ({ request }): Promise<Context> => {
      const entered = await door.enter(request.headers.get('authorization'));
      return { api, viewer: entered?.viewer ?? null };
    },
  });
}
