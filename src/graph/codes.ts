import type { ProblemCode } from '#base/problem.ts';
import { keysOf } from '#base/record.ts';

/** What stands at the top of an answer when a request, or a field of it, was not answered. */
interface CodeKind {
  /** What happened. */
  readonly means: string;
  /** What a client does about it. */
  readonly remedy: string;
  /** Statuses over HTTP as application/graphql-response+json; 200 where it stands beside data, or in a stream. */
  readonly status: readonly number[];
}

const signIn = 'Take a new token, or sign in, and send the same again.';
const program = 'A fault of the program: the same request fails again.';
const later = 'Nothing was done: send the same again after `Retry-After`.';
const provider = 'A link, or a target, cannot be had now.';

/**
 * THE table of codes in `errors[].extensions.code`: nothing else stands there. docs/codes.md is printed from it, a code that
 * it lacks does not compile, and what libraries or problems say beyond it is hidden (`src/http/masked-errors.ts`).
 */
export const codes = {
  UNAUTHENTICATED: {
    means: 'The token of the request does not hold (401), or there is none and the field takes one.',
    remedy: signIn,
    status: [401, 200],
  },
  FORBIDDEN: {
    means:
      'The caller may not read this, or not any more; in a stream also that the token has run out. As 403 the request is ' +
      'one that another site could make a browser send.',
    remedy: 'Nothing to retry; with a new token where the old one has run out, and from the newest `cursor`.',
    status: [200, 403],
  },
  NOT_FOUND: {
    means: 'What is to be followed, or read, is not there, or not for this caller.',
    remedy: 'Nothing to retry.',
    status: [200],
  },
  BAD_USER_INPUT: {
    means:
      'Variables or arguments do not fit, such as an `after` that is no cursor of that list; or it is not clear which operation ' +
      'is meant; or it is a mutation by GET (405).',
    remedy: program,
    status: [400, 200, 405],
  },
  INVALID_CURSOR: {
    means:
      'The `after` of a subscription, or of `Run.events`, is no cursor of these events. That of other lists is BAD_USER_INPUT.',
    remedy: 'Read anew and follow from there, without that cursor.',
    status: [200],
  },
  BAD_REQUEST: {
    means:
      'No request of GraphQL: no JSON, no document, a list of operations, parameters of wrong types, another method (405), ' +
      'a body of another type (415).',
    remedy: program,
    status: [400, 405, 415],
  },
  NOT_ACCEPTABLE: {
    means: 'A subscription over HTTP whose `Accept` takes no `text/event-stream`.',
    remedy: program,
    status: [406],
  },
  GRAPHQL_PARSE_FAILED: { means: 'The document cannot be read, or is empty.', remedy: program, status: [400] },
  GRAPHQL_VALIDATION_FAILED: { means: 'The document does not fit the schema.', remedy: program, status: [400] },
  QUERY_TOO_COMPLEX: {
    means: 'The operation asks for more than one request may ([limits.md](limits.md)).',
    remedy: 'Ask for less, or in several requests.',
    status: [400],
  },
  PERSISTED_QUERY_NOT_FOUND: {
    means: 'No document is known by this id, or only those that were agreed on may run.',
    remedy: 'A fault of the deployment: its list of documents is older than the client.',
    status: [400],
  },
  REQUEST_TOO_LARGE: { means: 'The body has more bytes than are accepted.', remedy: program, status: [413] },
  TOO_MANY_OPERATIONS: {
    means: 'A socket has as many operations, or a person as many streams, as it may.',
    remedy: 'Complete one first.',
    status: [200],
  },
  RATE_LIMITED: {
    means: 'More requests than in [rates.md](rates.md).',
    remedy: 'Send the same again after `retryAfterMs`, which is `Retry-After`, too.',
    status: [429],
  },
  OVERLOADED: { means: 'The process is asked more at once than it answers.', remedy: later, status: [503] },
  STARTING: { means: 'The process has just begun.', remedy: later, status: [503] },
  TIMED_OUT: {
    means: 'The body did not arrive in time (408), or the operation took too long and was stopped.',
    remedy: 'A query may be sent again. A mutation may have happened: send it again with the same idempotency key.',
    status: [408, 200],
  },
  PROVIDER_UNAVAILABLE: {
    means: 'A service that the field needs did not answer.',
    remedy: `${provider} Try again later.`,
    status: [200],
  },
  PROVIDER_BAD_ANSWER: {
    means: 'A service that the field needs answered nonsense.',
    remedy: `${provider} Try again later.`,
    status: [200],
  },
  PROVIDER_REJECTED: {
    means: 'A service that the field needs refused.',
    remedy: `${provider} Tell whoever runs the API.`,
    status: [200],
  },
  ERRORS_NOT_LISTED: {
    means: 'The last of too many errors, which says how many more there were.',
    remedy: 'Look at those that are listed.',
    status: [200],
  },
  INTERNAL_SERVER_ERROR: {
    means: 'A fault of ours.',
    remedy: 'Try again later, and name the `correlationId` when asking for help: it finds the lines of the log.',
    status: [200, 500],
  },
} as const satisfies Record<string, CodeKind>;

/** A code at the top of an answer. */
export type TopCode = keyof typeof codes;

/** All codes, in the order of the table. */
export const topCodes = keysOf(codes);

declare module 'graphql' {
  // Whoever throws with a code that the table lacks does not compile.
  interface GraphQLErrorExtensions {
    code?: TopCode;
  }
}

/** Whether the table has this code. */
export const isTopCode = (code: unknown): code is TopCode => typeof code === 'string' && Object.hasOwn(codes, code);

/** As what a problem stands at the top, where no payload takes it; null for what callers are not told. */
export function topCodeOf(code: ProblemCode): TopCode | null {
  if (code === 'INVALID_INPUT') return 'BAD_USER_INPUT';
  return isTopCode(code) ? code : null;
}
