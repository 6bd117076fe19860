import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import type { Log } from '#base/log.ts';
import { channel } from './wake.ts';

/** Wakes whoever follows a run. One LISTEN connection per process; it reconnects and then wakes everybody. */
export interface Feed extends AsyncDisposable {
  /** Calls `poke` whenever the run may have new events; returns the way to stop. */
  follow(runId: string, poke: () => void): () => void;
  /** How many follow at present. */
  readonly size: number;
}

/** Opens the process's feed and waits until it listens once. */
export async function openFeed(url: string, log: Log): Promise<Feed> {
  const followers = new Map<string, Set<() => void>>();
  const stop = new AbortController();
  const first = Promise.withResolvers<void>();
  const listening = listen();
  await Promise.race([first.promise, listening]);
  return {
    follow,
    get size() {
      return [...followers.values()].reduce((sum, pokes) => sum + pokes.size, 0);
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await listening;
    },
  };

  function follow(runId: string, poke: () => void): () => void {
    const pokes = followers.get(runId) ?? new Set();
    followers.set(runId, pokes.add(poke));
    return () => {
      pokes.delete(poke);
      if (pokes.size === 0 && followers.get(runId) === pokes) followers.delete(runId);
    };
  }

  async function listen(): Promise<void> {
    let pauseMs = 50;
    while (!stop.signal.aborted) {
      const client = new Client({ connectionString: url, keepAlive: true, application_name: 'offprint feed' });
      client.on('error', (error) => log.warn({ err: error }, 'feed connection lost'));
      client.on('notification', ({ payload }) => followers.get(payload ?? '')?.forEach((poke) => poke()));
      try {
        await client.connect();
        await client.query(`listen ${channel}`);
        pauseMs = 50;
        first.resolve();
        for (const pokes of followers.values()) for (const poke of pokes) poke();
        await once(client, 'end', { signal: stop.signal });
      } catch (error) {
        if (!stop.signal.aborted) log.warn({ err: error }, 'feed reconnects');
      }
      await client.end().catch(() => {});
      await wait(pauseMs, undefined, { signal: stop.signal }).catch(() => {});
      pauseMs = Math.min(pauseMs * 2, 5_000);
    }
  }
}
