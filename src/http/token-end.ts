import { type ExecutionResult, GraphQLError } from 'graphql';

/** Timers take no more milliseconds than this. */
const longestWaitMs = 2 ** 31 - 1;

/**
 * A stream that ends with the token it was asked for, as a socket does: what a person may see was decided when it began.
 * The last thing it says is FORBIDDEN, so that nobody takes the end for that of what is followed.
 */
export function endingWithToken(
  items: AsyncIterableIterator<ExecutionResult>,
  expiresAt: Date,
): AsyncIterableIterator<ExecutionResult> {
  let untold = false;
  const leftMs = Math.min(Math.max(0, expiresAt.getTime() - Date.now()), longestWaitMs);
  const timer = setTimeout(() => {
    untold = true;
    void items.return?.();
  }, leftMs).unref();
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      const step = await items.next();
      if (!step.done) return step;
      clearTimeout(timer);
      if (!untold) return step;
      untold = false;
      return { done: false, value: { errors: [ranOut()] } };
    },
    return: async () => {
      clearTimeout(timer);
      return (await items.return?.()) ?? { done: true, value: undefined };
    },
  };
}

const ranOut = (): GraphQLError => new GraphQLError('The token has run out.', { extensions: { code: 'FORBIDDEN' } });
