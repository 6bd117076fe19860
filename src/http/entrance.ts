import type { Budget, RateLimits } from '#graph/rate-limits.ts';
import type { Door } from './viewer.ts';

/** Somebody who asks: who they are, and what they have left of their requests. */
export interface Arrival {
  /** Null without a token that holds. */
  readonly entered: Awaited<ReturnType<Door['enter']>>;
  /** Null where requests are not counted. `refused` means that this one must not be answered. */
  readonly budget: Budget | null;
}

/** Where everybody passes, over HTTP and on sockets alike: once for each request, once for each operation. */
export interface Entrance {
  arrive(authorization: string | null | undefined, address: string): Promise<Arrival>;
}

/** Tokens that are remembered as having nothing left. */
const mostSpent = 1_000;

/**
 * Lets callers in by the door and counts each of them: the signed-in by who they are, wherever they come from, everybody
 * else by address. Who has nothing left is refused by the token alone until the window ends: neither its signature is
 * checked nor the database asked, so that a flood costs little.
 */
export function openEntrance(door: Door, rates: RateLimits): Entrance {
  const spent = new Map<string, Budget>();
  return {
    async arrive(authorization, address) {
      const known = spent.get(authorization ?? '');
      if (known && known.resetAt.getTime() > Date.now()) return { entered: null, budget: known };
      const entered = await door.enter(authorization);
      const budget = await rates.take('request', entered ? `user:${entered.viewer.userId}` : `address:${address}`);
      if (entered && authorization && budget?.refused) remember(authorization, budget);
      return { entered, budget };
    },
  };

  function remember(token: string, budget: Budget): void {
    const [oldest] = spent.keys();
    if (spent.size >= mostSpent && oldest !== undefined) spent.delete(oldest);
    spent.set(token, budget);
  }
}
