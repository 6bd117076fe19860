import { StorageApiError, StorageClient, type StorageError, StorageUnknownError } from '@supabase/storage-js';
import type { z } from 'zod';
import type { Log } from '#base/log.ts';
import { type Facts, Problem, type ProblemCode } from '#base/problem.ts';
import { redact } from '#base/redact.ts';
import { outsideCall } from './outside-call.ts';
import { traced } from './traced.ts';

/** Which server, and what it must be asked with. */
export interface StorageServer {
  /** Ends in `/storage/v1`. */
  readonly url: string;
  readonly serviceKey: string;
  readonly log?: Log;
}

/**
 * What is asked for, for the log. What storage keeps or loses is told at info; what is only read or signed at debug: one page
 * of clips signs a hundred links.
 */
type Wish = 'store' | 'remove' | 'read' | 'info' | 'list' | 'sign-upload' | 'sign-download' | 'buckets';

/** One call: what its answer must look like and how patient it is. */
interface Ask<T> {
  readonly what: Wish;
  readonly answer: z.ZodType<T>;
  readonly signal?: AbortSignal | undefined;
  /** Until the answer's first byte for reads, until its end for the rest; 10 s where nothing is said. */
  readonly timeoutMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** For the log, and to make a better problem: `sizeBytes` and `limitBytes` of what is sent. */
  readonly facts?: Facts;
}

const changing: ReadonlySet<Wish> = new Set(['store', 'remove']);

type Outcome = Promise<{ data: unknown; error: StorageError | null }>;

/** Asks the storage and gives the checked answer. Throws Problems only. */
export type StorageCall = <T>(ask: Ask<T>, body: (client: StorageClient) => Outcome) => Promise<T>;

const provider = 'storage';

/**
 * Every call has a timeout and is tried once more when the server is away: all that we ask may be repeated. A timed-out
 * attempt takes its socket with it, so that the second one never waits on a connection the server has given up.
 */
export function storageCall({ url, serviceKey, log }: StorageServer): StorageCall {
  const keys = { apikey: serviceKey, authorization: `Bearer ${serviceKey}` };
  return ({ what, answer, signal = new AbortController().signal, timeoutMs = 10_000, ...ask }, body) => {
    const { headers = {}, facts = {} } = ask;
    const level = changing.has(what) ? 'info' : 'debug';
    const policy = { provider, signal, timeoutMs, attempts: 2, log, level, told: { what, ...facts } } as const;
    return outsideCall(policy, async (attemptSignal) => {
      const client = new StorageClient(url, keys, (input, init) =>
        fetch(input, {
          ...init,
          headers: { ...Object.fromEntries(new Headers(init?.headers)), ...headers, ...traced('x-request-id') },
          signal: attemptSignal,
          // To be able to follow a redirect, fetch keeps a second copy of the body: 136 MiB held for a file of 128, else 22.
          redirect: 'error',
        }),
      );
      const { data, error } = await body(client);
      if (error !== null) throw failureOf(error, facts);
      return answer.parse(data);
    });
  };
}

/** What the server said, as a Problem; what never reached it, as the network's own error. */
function failureOf(error: StorageError, facts: Facts): unknown {
  if (error instanceof StorageUnknownError) return redirected(error.originalError) ?? error.originalError;
  if (!(error instanceof StorageApiError)) return new Problem('PROVIDER_BAD_ANSWER', { provider }, error);
  const status = Number(error.statusCode) || error.status;
  const code = (error.code !== undefined && codes.get(error.code)) || codeOfStatus(status);
  const known = { provider, status, vendorCode: error.code, reason: redact(error.message), ...facts };
  if (code === 'MEDIA_TOO_LARGE' && facts.sizeBytes === undefined)
    return new Problem('PROVIDER_REJECTED', known, error);
  return new Problem(code, { ...known, ...words[code] }, error);
}

/** A storage answers itself: a redirect means that its address is not quite right, such as http for https. */
const redirected = (thrown: unknown): Problem | null =>
  thrown instanceof Error && thrown.cause instanceof Error && thrown.cause.message === 'unexpected redirect'
    ? new Problem('PROVIDER_REJECTED', { provider, reason: 'the server redirects to another address' }, thrown)
    : null;

// The real server answers HTTP 400 to nearly everything; only the code inside tells what happened.
const codes: ReadonlyMap<string, ProblemCode> = new Map([
  ['NoSuchKey', 'NOT_FOUND'],
  ['NoSuchBucket', 'NOT_FOUND'],
  ['KeyAlreadyExists', 'CONFLICT'],
  ['BucketAlreadyExists', 'CONFLICT'],
  ['EntityTooLarge', 'MEDIA_TOO_LARGE'],
]);

/** For answers without a code: those of gateways, and of older servers. */
function codeOfStatus(status: number): ProblemCode {
  if (status === 404) return 'NOT_FOUND';
  if (status === 409) return 'CONFLICT';
  if (status === 413) return 'MEDIA_TOO_LARGE';
  return status === 408 || status === 429 || status >= 500 ? 'PROVIDER_UNAVAILABLE' : 'PROVIDER_REJECTED';
}

const words: Partial<Record<ProblemCode, Facts>> = {
  NOT_FOUND: { what: 'The stored object' },
  CONFLICT: { reason: 'An object of this name is already stored.' },
};
