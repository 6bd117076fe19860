import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import type { Log } from '#base/log.ts';
import { channel } from '#pipeline/wake.ts';
import { headsOf } from './heads.ts';
import { openSharedReads, type SharedReads } from './shared-reads.ts';
import { openStandings, type Standings } from './standing.ts';

/**
 * Wakes whoever follows a run or a workspace. One LISTEN connection per process; it reconnects and then wakes everybody.
 * Once a second it looks which of the followed have moved, in one statement for all, and wakes their readers: so a lost
 * wake-up costs a second, and a thousand idle readers one query.
 */
export interface Feed extends AsyncDisposable {
  /** Calls `poke` whenever the run or workspace of this id may have news; returns the way to stop. */
  follow(id: string, poke: () => void): () => void;
  /** Reads that readers who woke together make together. */
  readonly together: SharedReads;
  /** Who may still read what they follow. */
  readonly standings: Standings;
  /** How many follow at present. */
  readonly size: number;
}

const lookMs = 1_000;
/** Rights change seldom: of so many looks one asks for them, too. */
const looksPerStanding = 2;
/** Longer without an answer is a connection that nobody serves any more. */
const patienceMs = 5_000;

/** Opens the process's feed and waits until it listens once; `inStep` as for the standings. */
export async function openFeed(url: string, log: Log, inStep = false): Promise<Feed> {
  const followers = new Map<string, Set<() => void>>();
  const standings = openStandings(inStep);
  const stop = new AbortController();
  const first = Promise.withResolvers<void>();
  const listening = listen();
  await Promise.race([first.promise, listening]);
  return {
    follow,
    together: openSharedReads(),
    standings,
    get size() {
      return [...followers.values()].reduce((sum, pokes) => sum + pokes.size, 0);
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await listening;
    },
  };

  function follow(id: string, poke: () => void): () => void {
    const pokes = followers.get(id) ?? new Set();
    followers.set(id, pokes.add(poke));
    return () => {
      pokes.delete(poke);
      if (pokes.size === 0 && followers.get(id) === pokes) followers.delete(id);
    };
  }

  function pokeAll(id: string): void {
    followers.get(id)?.forEach((poke) => poke());
  }

  async function listen(): Promise<void> {
    let pauseMs = 50;
    while (!stop.signal.aborted) {
      const client = clientOf(url);
      client.on('error', (error) => log.warn({ err: error }, 'feed connection lost'));
      client.on('notification', ({ payload }) => pokeAll(payload ?? ''));
      try {
        await client.connect();
        await client.query(`listen ${channel}`);
        pauseMs = 50;
        first.resolve();
        for (const id of followers.keys()) pokeAll(id);
        await keepLooking(client);
      } catch (error) {
        if (!stop.signal.aborted) log.warn({ err: error }, 'feed reconnects');
      }
      await client.end().catch(() => {});
      await wait(pauseMs, undefined, { signal: stop.signal }).catch(() => {});
      pauseMs = Math.min(pauseMs * 2, 5_000);
    }
  }

  /** Until the connection ends or the feed closes. What is followed only since the last look is poked once for nothing. */
  async function keepLooking(client: Client): Promise<void> {
    const lost = new AbortController();
    client.once('end', () => lost.abort());
    const signal = AbortSignal.any([lost.signal, stop.signal]);
    let known = new Map<string, string>();
    for (let looks = 0; ; looks += 1) {
      await wait(lookMs, undefined, { signal });
      const heads = await headsOf(client, [...followers.keys()]);
      for (const [id, head] of heads) if (known.get(id) !== head) pokeAll(id);
      known = heads;
      if (looks % looksPerStanding === 0) await standings.look(client);
    }
  }
}

const clientOf = (connectionString: string): Client =>
  new Client({
    connectionString,
    keepAlive: true,
    application_name: 'offprint feed',
    connectionTimeoutMillis: patienceMs,
    query_timeout: patienceMs,
  });
