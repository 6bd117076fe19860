import { setTimeout } from 'node:timers/promises';
import type { Log } from '#base/log.ts';
import { type Facts, Problem } from '#base/problem.ts';
import { outsideFailure } from './outside-failure.ts';

/** How patient one call is. Attempts are few and waits short: a long back-off holds no worker slot in the queue. */
export interface CallPolicy {
  /** Names the service in problems and logs, such as `openai`. */
  readonly provider: string;
  /** The caller's own end: its reason is thrown as it is, and nothing is tried again. */
  readonly signal: AbortSignal;
  /** Longest life of one attempt, in milliseconds. */
  readonly timeoutMs: number;
  /** Attempts in all, the first included. */
  readonly attempts: number;
  readonly log?: Log | undefined;
  /** What its lines say of the call beside the service; never a link or anybody's words. */
  readonly told?: Facts;
  /** Of the line of an answer; info by default. Retries are warnings. */
  readonly level?: 'debug' | 'info';
  /** Waits between attempts; resolves early, or throws, when the signal aborts. Handed in by tests. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * The one policy for calls to outside services: a timeout for each attempt, a few attempts with jittered exponential
 * waits, Retry-After honoured, failures mapped to Problems (PROVIDER_UNAVAILABLE, PROVIDER_REJECTED,
 * PROVIDER_BAD_ANSWER). A service that asks for a wait longer than ours gets it from the queue: `facts.retryAfterMs`.
 * The client inside `call` must not retry by itself.
 */
export async function outsideCall<T>(policy: CallPolicy, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const wait = policy.wait ?? pause;
  for (let attempt = 1; ; attempt += 1) {
    policy.signal.throwIfAborted();
    const askedAt = performance.now();
    try {
      const answer = await withinTimeout(policy, call);
      const ms = Math.round(performance.now() - askedAt);
      const told = { provider: policy.provider, ...policy.told, attempt, ms };
      policy.log?.[policy.level ?? 'info'](told, 'an outside call was answered');
      return answer;
    } catch (thrown) {
      policy.signal.throwIfAborted();
      const failure = outsideFailure(thrown, { provider: policy.provider, attempt });
      const waitMs = waitBefore(failure, attempt, policy.attempts);
      if (waitMs === null) throw failure;
      policy.log?.warn({ ...policy.told, err: failure, waitMs }, 'an outside call failed and is tried again');
      await wait(waitMs, policy.signal);
    }
  }
}

/** Also ends a call that ignores its signal: an SDK that waits for a stalled body would hold the slot for ever. */
async function withinTimeout<T>(policy: CallPolicy, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { provider, timeoutMs } = policy;
  const late = new Problem('PROVIDER_UNAVAILABLE', { provider, timeoutMs });
  const attempt = new AbortController();
  const ended = Promise.withResolvers<never>();
  const end = (reason: unknown): void => {
    attempt.abort(reason);
    ended.reject(reason);
  };
  const abort = (): void => end(policy.signal.reason);
  const timer = globalThis.setTimeout(end, timeoutMs, late);
  policy.signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([call(attempt.signal), ended.promise]);
  } finally {
    clearTimeout(timer);
    policy.signal.removeEventListener('abort', abort);
  }
}

const firstWaitMs = 500;
const longestWaitMs = 10_000;

/** Milliseconds until the next attempt; null when there is none. */
function waitBefore(failure: unknown, attempt: number, attempts: number): number | null {
  if (!(failure instanceof Problem) || !failure.transient || attempt >= attempts) return null;
  const asked = failure.retryAfterMs;
  if (asked !== undefined) return asked <= longestWaitMs ? asked : null;
  const ceiling = Math.min(longestWaitMs, firstWaitMs * 2 ** (attempt - 1));
  return Math.round(ceiling * (0.5 + Math.random() / 2));
}

/** Waits, and throws the reason of an abort at once. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(ms, undefined, { signal });
  } catch {
    signal.throwIfAborted();
  }
}
