import { OffprintError } from './failure.ts';

/** One error at the top of an answer. */
export interface TopError {
  readonly message: string;
  readonly extensions?: {
    readonly code?: string;
    readonly correlationId?: string;
    readonly retryAfterMs?: number;
    /** Seconds. */
    readonly retryAfter?: number;
  };
}

/** An answer of GraphQL, over whatever it came. */
export interface Answer<Result> {
  readonly data?: Result | null;
  readonly errors?: readonly TopError[];
}

/** What HTTP adds to an answer. */
export interface Envelope {
  readonly status: number;
  readonly headers: Headers;
}

/** The data of an answer. Throws OffprintError for the first error at its top, and for an answer without data. */
export function dataOf<Result>({ data, errors }: Answer<Result>, envelope?: Envelope): Result {
  const [first] = errors ?? [];
  if (first) throw failureOf(first, envelope);
  if (data === null || data === undefined) throw withoutData(envelope);
  return data;
}

/** An error at the top of an answer as what is thrown. */
export function failureOf({ message, extensions = {} }: TopError, envelope?: Envelope): OffprintError {
  const seconds = extensions.retryAfter;
  return new OffprintError(extensions.code ?? codeOf(envelope?.status), {
    message,
    correlationId: extensions.correlationId ?? envelope?.headers.get('x-request-id') ?? null,
    retryAfterMs: extensions.retryAfterMs ?? (seconds === undefined ? waitIn(envelope) : seconds * 1_000),
    status: envelope?.status ?? null,
  });
}

/** An answer that has neither data nor errors: a proxy's own, or one of overload. */
export const withoutData = (envelope?: Envelope): OffprintError =>
  failureOf({ message: `The API answered ${envelope?.status ?? ''} without data.`.replace('  ', ' ') }, envelope);

function codeOf(status: number | undefined): string {
  if (status === 401) return 'UNAUTHENTICATED';
  if (status === 403) return 'FORBIDDEN';
  if (status === 429) return 'RATE_LIMITED';
  return status !== undefined && status >= 500 ? 'INTERNAL_SERVER_ERROR' : 'BAD_ANSWER';
}

/** `Retry-After` in milliseconds: seconds, or the date it names. */
function waitIn(envelope: Envelope | undefined): number | null {
  const said = envelope?.headers.get('retry-after');
  if (!said) return null;
  const waitMs = /^\d+$/.test(said) ? Number(said) * 1_000 : Date.parse(said) - Date.now();
  return Number.isFinite(waitMs) ? Math.max(0, waitMs) : null;
}
