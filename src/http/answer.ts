import type { IncomingMessage } from 'node:http';
import {
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  OperationTypeNode,
} from 'graphql';
import type { TopCode } from '#graph/codes.ts';
import type { Api, Context } from '#graph/context.ts';
import type { Documents, Operation } from './documents.ts';
import type { Arrival } from './entrance.ts';
import { maskError } from './masked-errors.ts';
import type { RequestRate } from './request-rate.ts';
import { subscribe } from './subscription.ts';
import { executeInTime } from './timed-execution.ts';
import { endingWithToken } from './token-end.ts';

/** What stands behind every answer. */
export interface Answering {
  readonly schema: GraphQLSchema;
  readonly api: Api;
  readonly arrivalOf: RequestRate['arrivalOf'];
  readonly documents: Documents;
  /** What was done of requests already, before Yoga had them. */
  readonly begun: WeakMap<IncomingMessage, Begun>;
}

/** The document of a request as it was found for these parameters, and the answer that was made by both. */
interface Begun {
  readonly document: ReturnType<Documents>;
  readonly params: Operation;
  readonly result?: Promise<ExecutionResult>;
}

/** An operation as it came over HTTP: to the server, and as Yoga reads it. */
interface Asked {
  readonly incoming: IncomingMessage;
  readonly request: Request;
  readonly params: Operation;
}

type Stream = AsyncIterableIterator<ExecutionResult>;

/**
 * Answers an operation that came over HTTP, a subscription by a stream. Who asks was found out where requests are counted.
 * Faults of ours are masked here already, since this takes the place of Yoga's own steps.
 */
export async function answer(
  { incoming, request, params: given }: Asked,
  answering: Answering,
): Promise<ExecutionResult | Stream> {
  const { schema, api, documents, arrivalOf, begun } = answering;
  // What was held against the limits is what runs.
  const { document, params, result } = begun.get(incoming) ?? { document: documents(given), params: given };
  if (!('kind' in document)) return { errors: document.map((fault) => maskError(badRequest(fault), api.log)) };
  const operation = runnable(request, document, params);
  const arrival = await arrivalOf(incoming);
  if (hasLostHold(incoming, arrival)) throw tokenLost();
  const ready = { document, params, arrival };
  if (operation !== OperationTypeNode.SUBSCRIPTION) return withStatus(await (result ?? execute(ready, answering)));
  const stream = await subscribe({ ...argsOf(ready, api), schema });
  if (!(Symbol.asyncIterator in stream)) return masked(stream, api);
  const told = maskedStream(stream, api);
  return arrival.entered ? endingWithToken(told, arrival.entered.session.expiresAt) : told;
}

/**
 * Whether a request shows a token that does not hold. To answer it as nobody's would look as if there was nothing to see
 * where somebody's session has only run out.
 */
export const hasLostHold = ({ headers }: IncomingMessage, { entered }: Arrival): boolean =>
  entered === null && /^Bearer /i.test(headers.authorization ?? '');

const tokenLost = (): GraphQLError =>
  refused('The token does not hold, or not any more.', 'UNAUTHENTICATED', {
    status: 401,
    headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
  });

/** Where nothing was executed at all, because variables did not fit, the request is at fault. */
const withStatus = (result: ExecutionResult): ExecutionResult =>
  'data' in result ? result : { ...result, errors: (result.errors ?? []).map(badRequest) };

/** An operation that may run, of somebody who may ask. */
interface Ready {
  readonly document: DocumentNode;
  readonly params: Operation;
  readonly arrival: Arrival;
}

/** Executes a query or a mutation within its time; what went wrong is masked. Throws when the time is over. */
export async function execute(
  ready: Ready,
  { schema, api }: Pick<Answering, 'schema' | 'api'>,
): Promise<ExecutionResult> {
  const args = argsOf(ready, api);
  return masked(await executeInTime({ ...args, schema }, args.contextValue), api);
}

function argsOf({ document, params, arrival: { entered, budget } }: Ready, api: Api) {
  const { operationName, variables: variableValues } = params;
  const contextValue: Context = { api, viewer: entered?.viewer ?? null, budget };
  return { document, operationName, variableValues, contextValue, hideSuggestions: !api.env.introspection };
}

/** With "application/json" a fault of the document is a 200, as clients of old expect it; else a 400. */
const badRequest = (fault: GraphQLError): GraphQLError => withHttp(fault, { spec: true, status: 400 });

/** What Yoga makes of an error: a status, and headers. */
interface Http {
  readonly status: number;
  readonly spec?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

function withHttp(fault: GraphQLError, http: Http): GraphQLError {
  const { message, nodes, source, positions, extensions } = fault;
  return new GraphQLError(message, { nodes, source, positions, extensions: { ...extensions, http } });
}

const refused = (message: string, code: TopCode, http: Http): GraphQLError =>
  new GraphQLError(message, { extensions: { code, http } });

function runnable(request: Request, document: DocumentNode, { operationName }: Operation): OperationTypeNode {
  const kind = getOperationAST(document, operationName)?.operation;
  if (!kind) throw refused('It is not clear which operation is to run.', 'BAD_USER_INPUT', { status: 400 });
  if (kind === OperationTypeNode.MUTATION && request.method === 'GET') {
    throw refused('A mutation needs POST.', 'BAD_USER_INPUT', { status: 405, headers: { Allow: 'POST' } });
  }
  if (kind === OperationTypeNode.SUBSCRIPTION) onlyAsStream(request);
  return kind;
}

/**
 * Where several types of answers are accepted, or any, Yoga would stream by multipart. Refused before the source starts,
 * which would else run on.
 */
function onlyAsStream(request: Request): void {
  if (!takesStreams(request.headers.get('accept') ?? '*/*')) {
    throw refused('A subscription over HTTP needs "Accept: text/event-stream".', 'NOT_ACCEPTABLE', { status: 406 });
  }
  request.headers.set('accept', 'text/event-stream');
}

/** As Yoga reads the header: another charset than UTF-8 takes a type off the list. */
const takesStreams = (accept: string): boolean =>
  accept
    .toLowerCase()
    .split(',')
    .some((type) => /^\s*(text\/event-stream|\*\/\*)\s*(;|$)/.test(type) && !/charset=(?!utf-8)/.test(type));

function masked(result: ExecutionResult, { log }: Api): ExecutionResult {
  return result.errors ? { ...result, errors: result.errors.map((error) => maskError(error, log)) } : result;
}

/** A source that breaks says so and ends. Passing `return` on at once is what ends the loop behind a reader that left. */
const maskedStream = (stream: Stream, api: Api): Stream => ({
  [Symbol.asyncIterator]() {
    return this;
  },
  next: async () => {
    try {
      const step = await stream.next();
      return step.done ? step : { done: false, value: masked(step.value, api) };
    } catch (error) {
      return { done: false, value: { errors: [maskError(error, api.log)] } };
    }
  },
  return: async () => (await stream.return?.()) ?? { done: true, value: undefined },
});
