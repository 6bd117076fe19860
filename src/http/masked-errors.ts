import { randomUUID } from 'node:crypto';
import { GraphQLError, type GraphQLErrorExtensions } from 'graphql';
import { correlation, type Log } from '#base/log.ts';
import { wasCutShort } from '#base/outage.ts';
import { Problem } from '#base/problem.ts';
import { isTopCode, type TopCode, topCodeOf } from '#graph/codes.ts';

/**
 * What a caller may see of a thrown error: faults of the request and problems meant for callers as they are, everything
 * else as one sentence with the id that finds its log line.
 */
export function maskError(thrown: unknown, log: Log): GraphQLError {
  const correlationId = correlation()?.correlationId ?? randomUUID();
  const error = thrown instanceof GraphQLError ? thrown : null;
  const cause = error?.originalError ?? thrown;
  const shown = shownOf(cause);
  if (!shown) log.error({ err: cause, correlationId, path: error?.path?.join('.') }, 'a request failed');
  const { message, extensions } = shown ?? hidden;
  return withId(error, { extensions, correlationId }, message);
}

/** What stands in an answer. */
interface Shown {
  readonly message: string;
  readonly extensions: GraphQLErrorExtensions;
}

const hidden: Shown = {
  message: 'Something went wrong on our side.',
  extensions: { code: 'INTERNAL_SERVER_ERROR' },
};

function shownOf(thrown: unknown): Shown | null {
  const cause = wasCutShort(thrown) ? new Problem('TIMED_OUT', { what: 'The operation' }) : thrown;
  if (cause instanceof Error && cause.name === 'ForbiddenError') {
    return { message: 'You must be a member to see this.', extensions: { code: 'FORBIDDEN' } };
  }
  if (cause instanceof GraphQLError) return requestFault(cause);
  return cause instanceof Problem ? problemShown(cause) : null;
}

function problemShown({ code: own, message, retryAfterMs }: Problem): Shown | null {
  const code = topCodeOf(own);
  return code && { message, extensions: { code, ...(retryAfterMs !== undefined && { retryAfterMs }) } };
}

/** GraphQL gives its own faults no code: they are variables and arguments that do not fit. Pothos's are ours, but for one. */
function requestFault({ name, message, extensions }: GraphQLError): Shown | null {
  // Yoga adds the error behind its own words, stack and all outside production.
  const { originalError: _left, ...shown } = extensions;
  if (isTopCode(extensions.code)) return { message, extensions: shown };
  // A code that is none of ours comes from a library that read the request.
  if (extensions.code !== undefined) return { message, extensions: { ...shown, code: 'BAD_REQUEST' } };
  if (name.startsWith('Pothos') && name !== 'PothosValidationError') return null;
  return { message, extensions: { ...shown, code: 'BAD_USER_INPUT' } };
}

/** Faults of a document, with the code that clients branch on. */
export const withCode = (faults: readonly GraphQLError[], code: TopCode): GraphQLError[] =>
  faults.map(
    ({ message, nodes, source, positions, extensions }) =>
      new GraphQLError(message, { nodes, source, positions, extensions: { ...extensions, code } }),
  );

function withId(
  error: GraphQLError | null,
  { extensions, correlationId }: { extensions: GraphQLErrorExtensions; correlationId: string },
  message = error?.message ?? '',
): GraphQLError {
  return new GraphQLError(message, {
    ...(error?.nodes && { nodes: error.nodes }),
    ...(error?.source && { source: error.source }),
    ...(error?.positions && { positions: error.positions }),
    ...(error?.path && { path: error.path }),
    extensions: { ...extensions, correlationId },
  });
}
