import { setTimeout as wait } from 'node:timers/promises';

/**
 * Does something again and again, `everyMs` after it was done last, until closed. Closing waits for the one under way.
 * `body` must not throw.
 */
export function openRepeat(everyMs: number, body: () => Promise<void>): AsyncDisposable {
  const stop = new AbortController();
  const repeating = repeat();
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await repeating;
    },
  };

  async function repeat(): Promise<void> {
    while (!stop.signal.aborted) {
      await wait(everyMs, undefined, { signal: stop.signal }).catch(() => {});
      if (!stop.signal.aborted) await body();
    }
  }
}
