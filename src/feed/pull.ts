import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from '#base/database.ts';
import type { Log } from '#base/log.ts';
import type { Feed } from './feed.ts';

/** What a reader of events needs. */
export interface EventReader {
  readonly database: Database;
  readonly feed: Feed;
  readonly log: Log;
}

/** What one look brought. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Whether to look again at once instead of waiting for news. */
  readonly more: boolean;
  /** Whether nothing can come any more. */
  readonly ended: boolean;
}

/** The most rows that are in memory for one reader, however slow it is. */
export const pageSize = 200;

/**
 * Pulls pages for as long as the reader asks for items: replay, then follow, in one loop over the table. Nothing is
 * kept for a slow reader but its page, and a database restart only delays it. `look` gives the next page, null when
 * what is followed is gone, and moves its own position only when it succeeds.
 * `return()` takes effect at once, also while the loop waits: a bare async generator would keep waiting and leak.
 */
export function pull<Item>(
  reader: EventReader,
  id: string,
  look: () => Promise<Page<Item> | null>,
): AsyncIterableIterator<Item> {
  const closed = new AbortController();
  let poked = Promise.withResolvers<void>();
  const unfollow = reader.feed.follow(id, () => poked.resolve());
  const close = () => {
    closed.abort();
    poked.resolve();
    unfollow();
  };
  const items = loop();
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () => items.next(),
    return: () => {
      close();
      return items.return(undefined);
    },
    throw: (error: unknown) => {
      close();
      return items.throw(error);
    },
  };

  async function* loop(): AsyncGenerator<Item, undefined> {
    try {
      while (!closed.signal.aborted) {
        poked = Promise.withResolvers();
        const page = await survive();
        if (!page) return undefined;
        yield* page.items;
        if (page.ended) return undefined;
        if (!page.more) await poked.promise;
      }
      return undefined;
    } finally {
      close();
    }
  }

  /** Looks again after a passing fault of the database, until the reader goes away. */
  async function survive(): Promise<Page<Item> | null> {
    for (let pauseMs = 100; ; pauseMs = Math.min(pauseMs * 2, 5_000)) {
      try {
        return await look();
      } catch (error) {
        if (closed.signal.aborted) return null;
        reader.log.warn({ err: error, id }, 'events not readable, reading again');
        await wait(pauseMs, undefined, { signal: closed.signal }).catch(() => {});
      }
    }
  }
}
