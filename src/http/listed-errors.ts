import { type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql';
import { limits } from '#graph/limits.ts';

/** Arguments of an operation whose variables list few faults: graphql stops at the last and says so by one more. */
export const listingFew = (args: ExecutionArgs): ExecutionArgs => ({
  ...args,
  options: { ...args.options, maxCoercionErrors: limits.faults - 1 },
});

/**
 * An answer that lists no more errors than accepted, the last one saying how many there were. Each is a part of the answer
 * and those of ours are a line of the log: one page of a hundred rows that all fail would be a hundred of both.
 */
export function listed(result: ExecutionResult): ExecutionResult {
  const { errors = [] } = result;
  if (errors.length <= limits.errors) return result;
  const shown = errors.slice(0, limits.errors - 1);
  return { ...result, errors: [...shown, unlisted(errors.length - shown.length)] };
}

const unlisted = (count: number): GraphQLError =>
  new GraphQLError(`${count.toLocaleString('en-US')} more errors are not listed.`, {
    extensions: { code: 'ERRORS_NOT_LISTED' },
  });
