import { randomUUID } from 'node:crypto';
import { GraphQLError } from 'graphql';
import { correlation, type Log } from '#base/log.ts';
import { Problem, problems } from '#base/problem.ts';

/** Codes of problems that stand at the top of an answer instead of in a payload. */
const topLevel: Partial<Record<Problem['code'], string>> = { FORBIDDEN: 'FORBIDDEN', INVALID_INPUT: 'BAD_USER_INPUT' };

/**
 * What a caller may see of a thrown error: GraphQL's own faults and problems meant for callers as they are, everything
 * else as one sentence with the id that finds its log line.
 */
export function maskError(thrown: unknown, log: Log): GraphQLError {
  const correlationId = correlation()?.correlationId ?? randomUUID();
  const error = thrown instanceof GraphQLError ? thrown : null;
  const cause = error ? error.originalError : thrown;
  if (error && (!cause || cause instanceof GraphQLError))
    return withId(error, { extensions: error.extensions, correlationId });
  if (cause instanceof Error && cause.name === 'ForbiddenError') {
    return withId(
      error,
      { extensions: { code: 'FORBIDDEN' }, correlationId },
      'You must be signed in and a member to see this.',
    );
  }
  if (cause instanceof Problem && problems[cause.code].audience === 'caller' && cause.code !== 'INTERNAL') {
    return withId(error, { extensions: { code: topLevel[cause.code] ?? cause.code }, correlationId }, cause.message);
  }
  log.error({ err: cause, correlationId, path: error?.path?.join('.') }, 'a request failed');
  return withId(
    error,
    { extensions: { code: 'INTERNAL_SERVER_ERROR' }, correlationId },
    'Something went wrong on our side.',
  );
}

function withId(
  error: GraphQLError | null,
  { extensions, correlationId }: { extensions: Readonly<Record<string, unknown>>; correlationId: string },
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
