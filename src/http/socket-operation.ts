import { type ExecutionArgs, type ExecutionResult, GraphQLError, type GraphQLSchema } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { thisCorrelation } from '#base/log.ts';
import type { Api, Context } from '#graph/context.ts';
import { rateLimited } from '#graph/rate-limits.ts';
import type { Documents } from './documents.ts';
import { maskError } from './masked-errors.ts';
import type { Guest } from './socket-guest.ts';
import { subscribe } from './subscription.ts';
import { executeInTime } from './timed-execution.ts';

/** What stands behind the operations of all sockets. */
export interface Answering {
  readonly schema: GraphQLSchema;
  readonly api: Api;
  readonly documents: Documents;
}

/** What is asked for on one socket, and by whom. */
interface Asked {
  readonly guest: Guest;
  readonly payload: SubscribePayload;
}

/**
 * An operation ready to run, or why it does not: what a request over HTTP passes, passed here. Nothing is ever thrown:
 * that would close the socket and end every other operation on it.
 */
export async function prepared(asked: Asked, answering: Answering): Promise<ExecutionArgs | readonly GraphQLError[]> {
  try {
    const args = await argumentsOf(asked, answering);
    return 'document' in args ? args : masked(args, answering.api);
  } catch (error) {
    return [maskError(error, answering.api.log)];
  }
}

async function argumentsOf(
  { guest, payload }: Asked,
  { schema, api, documents }: Answering,
): Promise<ExecutionArgs | readonly GraphQLError[]> {
  const { entered, budget } = await guest.arrive();
  if (budget?.refused) throw rateLimited(budget);
  if (!entered) return [tokenEnded()];
  const document = documents(payload);
  if (!('kind' in document)) return document;
  const contextValue: Context = { api, viewer: entered.viewer, budget };
  const { operationName, variables: variableValues } = payload;
  return { schema, document, operationName, variableValues, contextValue, hideSuggestions: !api.env.introspection };
}

const tokenEnded = (): GraphQLError =>
  new GraphQLError('The token does not hold any more.', { extensions: { code: 'FORBIDDEN' } });

/** Runs a query or mutation, for as long as over HTTP; its errors are masked. */
export async function executed(args: ExecutionArgs, api: Api): Promise<ExecutionResult> {
  try {
    // As it was prepared.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const context = args.contextValue as Context;
    return maskedResult(await executeInTime(args, context), api);
  } catch (error) {
    return { errors: [maskError(error, api.log)] };
  }
}

/**
 * Begins a subscription; its errors are masked. Each of its steps runs in its correlation: the iterator is driven by
 * whoever calls next() or return(), and a client that leaves does so by another message.
 */
export async function subscribed(
  args: ExecutionArgs,
  api: Api,
): Promise<ExecutionResult | AsyncIterableIterator<ExecutionResult>> {
  const result = await subscribe(args);
  return Symbol.asyncIterator in result ? stepped(result, thisCorrelation(), api) : maskedResult(result, api);
}

const stepped = (
  result: AsyncIterableIterator<ExecutionResult>,
  within: <T>(body: () => T) => T,
  api: Api,
): AsyncIterableIterator<ExecutionResult> => ({
  [Symbol.asyncIterator]() {
    return this;
  },
  next: () =>
    within(async () => {
      const step = await result.next();
      return step.done ? step : { done: false, value: maskedResult(step.value, api) };
    }),
  return: () => within(() => result.return?.() ?? Promise.resolve({ done: true, value: undefined })),
});

const maskedResult = (result: ExecutionResult, api: Api): ExecutionResult =>
  result.errors ? { data: result.data ?? null, errors: masked(result.errors, api) } : result;

const masked = (errors: readonly GraphQLError[], { log }: Api): GraphQLError[] =>
  errors.map((error) => maskError(error, log));
