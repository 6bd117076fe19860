import type { ApiErrorCode } from './generated/graphql.ts';

/** Codes of the API's own answers, and of what happens on the way to it. */
export type FailureCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'RATE_LIMITED'
  | 'OVERLOADED'
  | 'STARTING'
  | 'TIMED_OUT'
  | 'TOO_MANY_OPERATIONS'
  | 'REQUEST_TOO_LARGE'
  | 'QUERY_TOO_COMPLEX'
  | 'ERRORS_NOT_LISTED'
  | 'BAD_REQUEST'
  | 'NOT_ACCEPTABLE'
  | 'BAD_USER_INPUT'
  | 'GRAPHQL_PARSE_FAILED'
  | 'GRAPHQL_VALIDATION_FAILED'
  | 'PERSISTED_QUERY_NOT_FOUND'
  | 'INVALID_CURSOR'
  | 'INTERNAL_SERVER_ERROR'
  /** The API could not be reached, or the connection broke. */
  | 'NETWORK'
  /** What came back is no answer of this API. */
  | 'BAD_ANSWER'
  /** What was asked for is not there, or not for this caller. */
  | 'NOT_FOUND'
  /** The storage did not take the bytes. */
  | 'UPLOAD_REFUSED'
  /** What the API has against a step that nobody asked for by itself: a renewed target of an upload. */
  | ApiErrorCode
  // A newer API may have more of them.
  | (string & {});

/** One error at the top of an answer. */
export interface TopError {
  readonly message: string;
  /** To the field that failed; what is below it, or the nearest field above it that may be null, is null in the data. */
  readonly path?: readonly (string | number)[];
  readonly extensions?: {
    readonly code?: string;
    readonly correlationId?: string;
    readonly retryAfterMs?: number;
    /** Seconds. */
    readonly retryAfter?: number;
  };
}

/** What is known of a failure. */
export interface FailureFacts {
  readonly message: string;
  /** Finds its lines in the API's log. */
  readonly correlationId?: string | null;
  /** How long to wait before it is worth another try, in milliseconds. */
  readonly retryAfterMs?: number | null;
  /** HTTP status, where there was an answer. */
  readonly status?: number | null;
  /** What came of the answer all the same, as its document asked for it. */
  readonly data?: unknown;
  /** Everything that failed; the failure itself speaks of the first. */
  readonly errors?: readonly TopError[];
  readonly cause?: unknown;
}

/**
 * What stands between a caller and an answer: no connection, no valid token, a fault of the request, a fault of the API.
 * What the API has against a change is never thrown: that is the change's own answer (`ok: false`).
 */
export class OffprintError extends Error {
  readonly code: FailureCode;
  readonly correlationId: string | null;
  readonly retryAfterMs: number | null;
  readonly status: number | null;
  /** What came of the answer all the same, as its document asked for it; null where nothing did. */
  readonly data: unknown;
  /** All errors at the top of the answer; the failure itself speaks of the first. */
  readonly errors: readonly TopError[];

  constructor(code: FailureCode, facts: FailureFacts) {
    super(facts.message, { cause: facts.cause });
    this.name = 'OffprintError';
    this.code = code;
    this.correlationId = facts.correlationId ?? null;
    this.retryAfterMs = facts.retryAfterMs ?? null;
    this.status = facts.status ?? null;
    this.data = facts.data ?? null;
    this.errors = facts.errors ?? [];
  }
}
