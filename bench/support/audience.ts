import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { z } from 'zod';
import type { House } from './house.ts';

/** Sockets that follow runs, in a process of their own. */
export interface Audience extends AsyncDisposable {
  /** One more socket for each of these runs (global ids); resolves when all have their snapshot. */
  open(runIds: readonly string[]): Promise<void>;
  /** Waits until so many events came to all sockets together, at most `limitMs`; what came, and when. Throws when the API ended a socket. */
  arrivals(events: number, limitMs: number): Promise<Arrival[]>;
}

interface Arrival {
  /** Which step of progress. */
  readonly step: number;
  /** On the machine's monotonic clock. */
  readonly atMs: number;
}

const came = z.object({ arrived: z.array(z.number()), dropped: z.int() });

/** Starts the process; it opens nothing yet. */
export function openAudience({ url, token }: House): Audience {
  const child = fork(path.join(import.meta.dirname, 'subscribers.ts'));
  const gone = once(child, 'exit');
  const ask = async (order: object): Promise<unknown> => {
    const failed = gone.then(() => Promise.reject(new Error('The process of the sockets ended.')));
    const answered = once(child, 'message');
    child.send(order);
    const [answer] = await Promise.race([answered, failed]);
    return answer;
  };
  return {
    open: async (runIds) => void (await ask({ open: { url, token, runIds } })),
    arrivals: async (events, limitMs) => {
      const { arrived: flat, dropped } = came.parse(await ask({ until: { events, limitMs } }));
      if (dropped > 0) throw new Error(`The API ended ${dropped} sockets.`);
      return Array.from({ length: flat.length / 2 }, (_, at) => ({
        step: flat[at * 2] ?? 0,
        atMs: flat[at * 2 + 1] ?? 0,
      }));
    },
    [Symbol.asyncDispose]: async () => {
      child.disconnect();
      await gone;
    },
  };
}
