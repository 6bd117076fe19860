import { makeRoom } from '#base/make-room.ts';
import type { Budget } from '#graph/rate-limits.ts';
import { rates } from '#graph/rates.ts';
import { claimsOf } from './token-claims.ts';

/** What an address got wrong, and which tokens are no guesses. */
export interface FailedTokens {
  /** The refusal of a token that is only tried, from an address that has used up its window of failed ones; else null. */
  refusalOf(authorization: string, address: string): Budget | null;
  add(authorization: string, address: string): void;
  /** Notes that a token let somebody in. */
  held(authorization: string): void;
}

/** Addresses, and tokens or sessions that held, of which something is remembered. */
const remembered = 5_000;

interface Window {
  failed: number;
  readonly endsAt: number;
}

/**
 * Counts the tokens that did not hold by the address they came from, in windows of the rate of requests. Beyond that
 * rate a token from there is refused unread: no signature is checked and no key is looked for. Honest people behind the
 * same address pass: their token, or another one of the same session, has held before. A session that is claimed by a
 * token that does not hold is taken for a guess from then on.
 */
export function openFailedTokens(): FailedTokens {
  const windows = new Map<string, Window>();
  const holding = new Set<string>();
  return {
    refusalOf(authorization, address) {
      const window = windowOf(address);
      if (!window || window.failed < most || holding.has(nameOf(authorization))) return null;
      return {
        rate: 'request',
        limit: most,
        used: most,
        remaining: 0,
        resetAt: new Date(window.endsAt),
        refused: true,
      };
    },
    add(authorization, address) {
      holding.delete(nameOf(authorization));
      const window = windowOf(address);
      if (window) window.failed += 1;
      else makeRoom(windows, remembered).set(address, { failed: 1, endsAt: Date.now() + seconds * 1_000 });
    },
    held(authorization) {
      const name = nameOf(authorization);
      // Put in anew: what was not used for longest makes room.
      holding.delete(name);
      makeRoom(holding, remembered).add(name);
    },
  };

  function windowOf(address: string): Window | undefined {
    const window = windows.get(address);
    if (!window || window.endsAt > Date.now()) return window;
    windows.delete(address);
    return undefined;
  }
}

const { most, seconds } = rates.request;

/**
 * Session tokens last a minute: the next one is known by the session that it claims. Anything else, such as an API key,
 * is known by itself.
 */
function nameOf(authorization: string): string {
  const claimed = claimsOf(authorization);
  return claimed ? `session ${claimed.sid}` : authorization;
}
