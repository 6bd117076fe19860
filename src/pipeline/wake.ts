import type { Pool } from 'pg';
import type { Log } from '#base/log.ts';

/** Tells readers that a run or a workspace has something new: its id, never a payload. */
export type Waker = (id: string) => void;

/** The channel that carries ids of changed runs and workspaces. */
export const channel = 'run_events';

/**
 * One coalescing sender per process: ids collected for `everyMs` go out in one statement. A lost wake-up costs a
 * reader at most one look of the feed, so a failed send is only logged.
 */
export function openWaker(pool: Pool, log: Log, everyMs = 50): Waker & AsyncDisposable {
  const pending = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const send = async () => {
    timer = undefined;
    const ids = [...pending];
    pending.clear();
    if (ids.length === 0) return;
    await pool
      .query('select pg_notify($1, id) from unnest($2::text[]) id', [channel, ids])
      .catch((error: unknown) => log.warn({ err: error }, 'wake-up not sent'));
  };
  const wake = (id: string) => {
    pending.add(id);
    timer ??= setTimeout(() => void send(), everyMs);
  };
  return Object.assign(wake, {
    [Symbol.asyncDispose]: async () => {
      clearTimeout(timer);
      await send();
    },
  });
}
