import { setTimeout as wait } from 'node:timers/promises';
import { Problem } from '#base/problem.ts';
import type { RunWriter } from '#pipeline/change-run.ts';
import { stages } from '#pipeline/stages.ts';
import { beat, type Lease } from './lease.ts';

/** A cancel is noticed at the next beat, and its child then needs a moment to end: both within two seconds. */
const beatMs = 500;

/** Watches over one attempt: beats, and aborts its signal when the attempt must stop. */
export interface LeaseWatch extends AsyncDisposable {
  readonly signal: AbortSignal;
  /** Why the signal aborted; null while it has not. */
  readonly outcome: 'lost' | 'shutdown' | 'timeout' | null;
}

/**
 * Beats twice a second. The same beat notices a cancel, because a canceled stage run is no longer RUNNING; a database
 * that does not answer is not a lost lease, the next beat tries again.
 */
export function watchLease(writer: RunWriter, lease: Lease, shutdown: AbortSignal): LeaseWatch {
  const stop = new AbortController();
  const attempt = new AbortController();
  let outcome: LeaseWatch['outcome'] = null;
  const end = (why: NonNullable<LeaseWatch['outcome']>) => {
    if (outcome !== null || stop.signal.aborted) return;
    outcome = why;
    attempt.abort(new Problem('CANCELED', { why }));
  };
  const onShutdown = () => end('shutdown');
  shutdown.addEventListener('abort', onShutdown, { once: true });
  if (shutdown.aborted) onShutdown();
  const timeout = setTimeout(() => end('timeout'), stages[lease.stage].timeoutMinutes * 60_000);
  const beating = beats();
  return {
    signal: attempt.signal,
    get outcome() {
      return outcome;
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      clearTimeout(timeout);
      shutdown.removeEventListener('abort', onShutdown);
      await beating;
    },
  };

  async function beats(): Promise<void> {
    while (!stop.signal.aborted) {
      await wait(beatMs, undefined, { signal: stop.signal }).catch(() => {});
      if (stop.signal.aborted) return;
      const alive = await beat(writer, lease).catch(() => true);
      if (!alive) return end('lost');
    }
  }
}
