import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from '#base/database.ts';
import type { Log } from '#base/log.ts';
import { eventsAfter, type StoredRunEvent } from './events.ts';
import type { Feed } from './feed.ts';

/** What a reader of events needs. */
export interface EventReader {
  readonly database: Database;
  readonly feed: Feed;
  readonly log: Log;
}

/** A full state comes first without a cursor; after that only numbered events follow. */
export type Followed = { readonly snapshot: { runId: string; sequence: number } } | { readonly event: StoredRunEvent };

const pollMs = 1_000;
const pageSize = 200;

/**
 * Follows a run: a snapshot first (unless `after` is given), then every event in order, then the end after the final
 * one. A pull loop over the table: nothing is kept in memory for a slow reader, and a database restart only delays it.
 * `return()` takes effect at once, also while the loop waits: a bare async generator would keep waiting and leak.
 */
export function followRun(reader: EventReader, runId: string, after: number | null): AsyncIterableIterator<Followed> {
  const closed = new AbortController();
  let poked = Promise.withResolvers<void>();
  const unfollow = reader.feed.follow(runId, () => poked.resolve());
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

  async function* loop(): AsyncGenerator<Followed, undefined> {
    try {
      let last = after;
      let floor = 0;
      while (!closed.signal.aborted) {
        poked = Promise.withResolvers();
        const page = await survive(() => pageAfter(last));
        if (!page) return undefined;
        if (page.snapshot) {
          yield { snapshot: page.snapshot };
          floor = (await survive(() => progressNow())) ?? floor;
        }
        for (const event of page.events) yield { event: notBelow(event, floor) };
        last = page.last;
        if (page.ended) return undefined;
        if (page.events.length < pageSize) await Promise.race([poked.promise, wait(pollMs, undefined, { ref: false })]);
      }
      return undefined;
    } finally {
      close();
    }
  }

  /** One consistent look: the run's number is read before its events, so a final state is never seen too early. */
  async function pageAfter(last: number | null) {
    const { prisma } = reader.database;
    const run = await prisma.run.findUnique({ where: { id: runId }, select: { sequence: true, finishedAt: true } });
    if (!run) return null;
    if (last === null) {
      return {
        snapshot: { runId, sequence: run.sequence },
        events: [],
        last: run.sequence,
        ended: run.finishedAt !== null,
      };
    }
    const events = await eventsAfter(prisma, runId, { after: last, limit: pageSize });
    const reached = events.at(-1)?.sequence ?? last;
    return { snapshot: null, events, last: reached, ended: run.finishedAt !== null && reached >= run.sequence };
  }

  /**
   * A snapshot's numbers are read before its fields are resolved, so the fields may be newer than the cursor. Whoever
   * saw that progress must not see it fall with the events in between.
   */
  async function progressNow(): Promise<number> {
    const run = await reader.database.prisma.run.findUnique({ where: { id: runId }, select: { progress: true } });
    return run?.progress ?? 0;
  }

  /** Reads again after a passing fault of the database, until the reader goes away. */
  async function survive<T>(read: () => Promise<T>): Promise<T | null> {
    for (let pauseMs = 100; ; pauseMs = Math.min(pauseMs * 2, 5_000)) {
      try {
        return await read();
      } catch (error) {
        if (closed.signal.aborted) return null;
        reader.log.warn({ err: error, runId }, 'events not readable, reading again');
        await wait(pauseMs, undefined, { signal: closed.signal }).catch(() => {});
      }
    }
  }
}

const notBelow = (event: StoredRunEvent, floor: number): StoredRunEvent =>
  event.data.kind === 'STAGE_PROGRESS' && event.data.runProgress < floor
    ? { ...event, data: { ...event.data, runProgress: floor } }
    : event;
