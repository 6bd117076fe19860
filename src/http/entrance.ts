import type { Budget, RateLimits } from '#graph/rate-limits.ts';
import { withinDeadline } from './deadline.ts';
import { openFailedTokens } from './failed-tokens.ts';
import { openSpent } from './spent.ts';
import type { Door } from './viewer.ts';

/** Somebody who asks: who they are, and what they have left of their requests. */
export interface Arrival {
  /** Null without a token that holds. */
  readonly entered: Awaited<ReturnType<Door['enter']>>;
  /** The tighter one of those they are counted in; null where requests are not counted. `refused` forbids an answer. */
  readonly budget: Budget | null;
}

/** Where everybody passes, over HTTP and on sockets alike: once for each request, once for each operation. */
export interface Entrance {
  arrive(authorization: string | null | undefined, address: string): Promise<Arrival>;
  /** Whose the new token is of somebody who is in already: it takes no request, unless it does not hold. */
  renew(authorization: string, address: string): Promise<Arrival['entered']>;
}

/**
 * Lets callers in by the door and counts each of them: the signed-in by who they are, wherever they come from, and all
 * of one address together; everybody else by address. Who has nothing left is refused by the token or the address alone
 * until the window ends, and so is a token that is only tried (`failed-tokens.ts`): neither its signature is checked nor
 * the database asked, so that a flood costs little. Finding out who somebody is takes `mostMs` at most, then it is TIMED_OUT.
 */
export function openEntrance(door: Door, rates: RateLimits, mostMs = 15_000): Entrance {
  const spent = openSpent();
  const failed = openFailedTokens();
  return {
    async arrive(authorization, address) {
      const refusal = authorization ? refusalOf(authorization, address) : null;
      if (refusal) return { entered: null, budget: refusal };
      const entered = await inTime(authorization);
      if (!entered || !authorization) return { entered: null, budget: await strangers(authorization, address) };
      failed.held(authorization);
      return { entered, budget: await signedIn(entered.viewer.userId, authorization, address) };
    },
    async renew(authorization, address) {
      if (failed.refusalOf(authorization, address)) return null;
      const entered = await inTime(authorization);
      if (entered) failed.held(authorization);
      else await strangers(authorization, address);
      return entered;
    },
  };

  function inTime(authorization: string | null | undefined): ReturnType<Door['enter']> {
    return withinDeadline(mostMs, () => door.enter(authorization));
  }

  function refusalOf(authorization: string, address: string): Budget | null {
    return spent.of(authorization) ?? spent.of(placeOf(address)) ?? failed.refusalOf(authorization, address);
  }

  async function strangers(authorization: string | null | undefined, address: string): Promise<Budget | null> {
    const budget = await rates.take('request', `address:${address}`);
    if (budget && authorization) failed.add(authorization, address);
    return budget;
  }

  async function signedIn(userId: string, authorization: string, address: string): Promise<Budget | null> {
    const [own, place] = await Promise.all([rates.take('request', `user:${userId}`), rates.take('address', address)]);
    if (own?.refused) spent.add(authorization, own);
    if (place?.refused) spent.add(placeOf(address), place);
    return tighter(own, place);
  }
}

const placeOf = (address: string): string => `at ${address}`;

/** Of two refusals the one that lasts longer, else the one with less left. */
function tighter(own: Budget | null, place: Budget | null): Budget | null {
  if (!own || !place) return own ?? place;
  if (own.refused && place.refused) return own.resetAt > place.resetAt ? own : place;
  return place.remaining < own.remaining ? place : own;
}
