import { OffprintError, type TopError } from './failure.ts';

/** An answer of GraphQL, over whatever it came. */
export interface Answer<Result> {
  readonly data?: Result | null | undefined;
  readonly errors?: readonly TopError[] | undefined;
}

/** What HTTP adds to an answer. */
export interface Envelope {
  readonly status: number;
  readonly headers: Headers;
}

/** The data of an answer. Throws OffprintError where something failed, with what came beside it, or where there is none. */
export function dataOf<Result>({ data, errors }: Answer<Result>, envelope?: Envelope): Result {
  if (errors?.length || data === null || data === undefined) throw failureOf({ data, errors }, envelope);
  return data;
}

/** The data of an answer that may have come in part: what failed beside it is told. Throws where nothing came. */
export function partOf<Result extends object>(
  answer: Answer<Result>,
  told: (failure: OffprintError) => void,
  envelope?: Envelope,
): Result {
  const { data, errors } = answer;
  if (!errors?.length || !data || Object.values(data).every((root) => root === null)) return dataOf(answer, envelope);
  told(failureOf(answer, envelope));
  return data;
}

/** What failed in an answer, by its first error; one with neither errors nor data is a proxy's own. */
export function failureOf({ data, errors = [] }: Answer<unknown>, envelope?: Envelope): OffprintError {
  const { message, extensions = {} } = errors[0] ?? { message: withoutData(envelope) };
  const seconds = extensions.retryAfter;
  return new OffprintError(extensions.code ?? codeOf(envelope?.status), {
    message,
    correlationId: extensions.correlationId ?? envelope?.headers.get('x-request-id') ?? null,
    retryAfterMs: extensions.retryAfterMs ?? (seconds === undefined ? waitIn(envelope) : seconds * 1_000),
    status: envelope?.status ?? null,
    data,
    errors,
  });
}

const withoutData = (envelope?: Envelope): string =>
  `The API answered ${envelope?.status ?? ''} without data.`.replace('  ', ' ');

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
