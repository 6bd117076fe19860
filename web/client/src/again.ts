import { OffprintError } from './failure.ts';

/** Tries in all. Three pauses of half a second, one and two: what an API takes that is restarted behind a balancer. */
const triesInAll = 4;
/** Who is to come back later than this is told so instead of waiting. */
const longestWaitMs = 20_000;
/** Not done, or nobody knows whether it was. */
const passing = new Set<string>(['NETWORK', 'OVERLOADED', 'STARTING']);
/** What a proxy says whose API is away; it has no code of ours. */
const away = new Set<number | null>([502, 503, 504]);

/**
 * Asks until there is an answer, for what may be done again: under one idempotency key, or because it changes nothing
 * the second time. Waits as long as the API says where that is longer. Throws what was in the way at last, or the
 * signal's reason.
 */
export async function asked<Result>(ask: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      const waitMs = tries < triesInAll ? waitBefore(tries, error) : null;
      if (waitMs === null) throw error;
      await passed(waitMs, signal);
    }
  }
}

/** Before which the next try makes no sense, in milliseconds; null if none does. */
function waitBefore(tries: number, error: unknown): number | null {
  if (!(error instanceof OffprintError)) return null;
  const { code, status, retryAfterMs } = error;
  if (!passing.has(code) && !away.has(status)) return null;
  const waitMs = Math.max(growingMs(tries - 1), retryAfterMs ?? 0);
  return waitMs > longestWaitMs ? null : waitMs;
}

/** Half a second, doubled each time up to twenty, up to half of it off by chance: a restarted API is not stormed. */
export const growingMs = (retries: number): number =>
  (Math.min(longestWaitMs, 500 * 2 ** Math.min(retries, 10)) * (1 + Math.random())) / 2;

function passed(waitMs: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const stop = (): void => reject(signal?.reason);
  const timer = setTimeout(resolve, waitMs);
  signal?.addEventListener('abort', stop);
  return promise.finally(() => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  });
}
