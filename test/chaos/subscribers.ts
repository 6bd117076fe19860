import { setTimeout as wait } from 'node:timers/promises';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { Dice } from './dice.ts';
import { type Followed, follow, type SeenEvent } from './documents.ts';

/** Somebody who follows one run through one API, and comes back where the connection broke. */
export interface Subscriber {
  /** The run's row. */
  readonly runId: string;
  /** Number of the event before the first one it asked for; null where it asked for a snapshot. */
  readonly after: number | null;
  readonly seen: readonly SeenEvent[];
  /** How the stream ended: by the final event, without one, or not yet. */
  readonly end: 'final' | 'early' | null;
  readonly reconnects: number;
}

/** All who follow. */
export interface Subscribers {
  readonly all: readonly Subscriber[];
  /** Follows a run on both APIs, one from a snapshot, one from the cursor. Resolves when both have its end. */
  follow(run: {
    readonly runId: string;
    readonly globalId: string;
    readonly cursor: string;
    readonly sequence: number;
  }): Promise<void>;
  /** Cuts the connections of a share of them, without a word. Returns how many. */
  drop(share: number): number;
  /** Leaves, wherever the runs are. */
  close(): void;
}

/** Opens the subscribers of both APIs. */
export function openSubscribers(urls: readonly [string, string], token: string, dice: Dice): Subscribers {
  const all: Following[] = [];
  const closing = new AbortController();
  return {
    all,
    follow: async ({ runId, globalId, cursor, sequence }) => {
      const starts = [
        { url: urls[0], cursor: null, after: null },
        { url: urls[1], cursor, after: sequence },
      ];
      const both = starts.map(
        (start): Following => ({ ...start, runId, globalId, seen: [], end: null, reconnects: 0, client: null }),
      );
      all.push(...both);
      await Promise.all(both.map((following) => listen(following, token, closing.signal)));
    },
    drop: (share) => {
      const open = all.filter(({ end, client }) => end === null && client !== null && dice.chance(share));
      for (const { client } of open) client?.terminate();
      return open.length;
    },
    close: () => {
      closing.abort();
      for (const { client } of all) void client?.dispose();
    },
  };
}

interface Following {
  readonly url: string;
  readonly runId: string;
  readonly globalId: string;
  readonly after: number | null;
  readonly seen: SeenEvent[];
  cursor: string | null;
  end: Subscriber['end'];
  reconnects: number;
  client: Client | null;
}

async function listen(following: Following, token: string, closing: AbortSignal): Promise<void> {
  while (following.end === null && !closing.aborted) {
    following.client = createClient({
      url: `${following.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${token}` },
      retryAttempts: 0,
    });
    try {
      await readAll(following, following.client);
    } catch {
      following.reconnects += 1;
      await wait(100 + 20 * Math.min(following.reconnects, 20), undefined, { signal: closing }).catch(() => {});
    } finally {
      void following.client.dispose();
      following.client = null;
    }
  }
}

/** Reads to the end of the stream; throws where the connection ends before it. */
async function readAll(following: Following, client: Client): Promise<void> {
  const variables = { runId: following.globalId, after: following.cursor };
  for await (const { data, errors } of client.iterate<Followed>({ query: follow.toString(), variables })) {
    const codes = errors?.map(({ extensions }) => extensions?.code) ?? [];
    // A run whose upload was deleted is not there to be followed any more.
    if (codes.includes('NOT_FOUND')) break;
    if (errors || !data?.runEvents) throw new Error(JSON.stringify(errors));
    following.seen.push(data.runEvents);
    following.cursor = data.runEvents.cursor;
  }
  following.end = isFinal(following.seen.at(-1)) ? 'final' : 'early';
}

const isFinal = (event: SeenEvent | undefined): boolean =>
  (event?.__typename === 'RunStatusEvent' && event.isFinal) ||
  (event?.__typename === 'RunSnapshotEvent' && (event.run?.isFinal ?? false));
