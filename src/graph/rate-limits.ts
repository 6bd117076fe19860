import { RateLimiterRes } from 'rate-limiter-flexible';
import type { Env } from '#base/env.ts';
import type { Log } from '#base/log.ts';
import { Problem } from '#base/problem.ts';
import { recordOf } from '#base/record.ts';
import { byHandfuls } from './rate-handfuls.ts';
import { postgresRates, type RateStore, redisRates } from './rate-store.ts';
import { type RateName, rateNames, rateOf } from './rates.ts';

/** What a caller has left of one rate, after something was taken from it. */
export interface Budget {
  readonly rate: RateName;
  readonly limit: number;
  readonly used: number;
  readonly remaining: number;
  /** When the window ends and everything is there again. */
  readonly resetAt: Date;
  /** Whether there was nothing left to take. */
  readonly refused: boolean;
}

/** The rates of one process; processes of one deployment share their counts. */
export interface RateLimits extends AsyncDisposable {
  /** Takes one from what a caller may do; null where nothing is counted. Never throws for a store that is away. */
  take(rate: RateName, caller: string): Promise<Budget | null>;
}

/** The rates of the environment: none, in Redis, or in the database at `url`. */
export function openRateLimits(env: Pick<Env, 'RATE_LIMITS' | 'REDIS_URL'>, url: string, log: Log): RateLimits {
  if (env.RATE_LIMITS === 'off') return uncounted;
  const store = env.REDIS_URL ? redisRates(env.REDIS_URL, log) : postgresRates(url, log);
  const takers = recordOf(rateNames, (name) => takerOf(name, store));
  return {
    take: (rate, caller) => takers[rate](caller),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

/** Counts nothing and refuses nobody. */
export const uncounted: RateLimits = {
  take: () => Promise.resolve(null),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

function takerOf(name: RateName, store: RateStore): (caller: string) => Promise<Budget> {
  const { most, seconds, handful = 1 } = rateOf(name);
  const limiter = store.limiterOf({ keyPrefix: name, points: most, duration: seconds });
  const takeFrom = async (caller: string, points: number) =>
    budgetOf(name, await outcomeOf(limiter.consume(caller, points)));
  return handful > 1 ? byHandfuls(handful, takeFrom) : (caller) => takeFrom(caller, 1);
}

interface Outcome {
  readonly result: RateLimiterRes;
  readonly refused: boolean;
}

/** The limiter throws its result where nothing is left. */
async function outcomeOf(consumed: Promise<RateLimiterRes>): Promise<Outcome> {
  try {
    return { result: await consumed, refused: false };
  } catch (thrown) {
    if (thrown instanceof RateLimiterRes) return { result: thrown, refused: true };
    throw thrown;
  }
}

function budgetOf(rate: RateName, { result, refused }: Outcome): Budget {
  const { most } = rateOf(rate);
  const remaining = refused ? 0 : result.remainingPoints;
  return {
    rate,
    limit: most,
    used: most - remaining,
    remaining,
    resetAt: new Date(Date.now() + result.msBeforeNext),
    refused,
  };
}

/** Milliseconds until a budget is whole again. */
export const untilReset = ({ resetAt }: Budget): number => Math.max(0, resetAt.getTime() - Date.now());

/** The refusal of a budget with nothing left. */
export function rateLimited(budget: Budget): Problem {
  const { seconds, what } = rateOf(budget.rate);
  const retryAfterMs = untilReset(budget);
  return new Problem('RATE_LIMITED', { what, limit: budget.limit, seconds, retryAfterMs });
}

/** Takes one, or throws RATE_LIMITED. */
export async function takeOrRefuse(limits: RateLimits, rate: RateName, caller: string): Promise<void> {
  const budget = await limits.take(rate, caller);
  if (budget?.refused) throw rateLimited(budget);
}
