import { describe, expect, test } from 'vitest';
import { type Budget, type RateLimits, uncounted } from '#graph/rate-limits.ts';
import { type RateName, rates } from '#graph/rates.ts';
import { openEntrance } from '#http/entrance.ts';
import type { Door } from '#http/viewer.ts';

const most = rates.request.most;

/** A door for the tokens of some people, which writes down each token that it had to look at. */
function countedDoor(people: Readonly<Record<string, string>> = {}) {
  const looked: string[] = [];
  const door: Door = {
    enter: async (authorization) => {
      if (authorization) looked.push(authorization);
      const userId = people[authorization ?? ''];
      if (userId === undefined) return null;
      const session = { userId, sessionId: userId, expiresAt: new Date(Date.now() + 60_000) };
      return { viewer: { userId, roles: new Map(), admin: false, key: null }, session };
    },
  };
  return { door, looked };
}

/** Rates in memory, of one window that does not end. */
function countedRates(): RateLimits {
  const counts = new Map<string, number>();
  const resetAt = new Date(Date.now() + 60_000);
  const take = (rate: RateName, caller: string): Budget => {
    const used = (counts.get(`${rate} ${caller}`) ?? 0) + 1;
    counts.set(`${rate} ${caller}`, used);
    const limit = rates[rate].most;
    const remaining = Math.max(0, limit - used);
    return { rate, limit, used: limit - remaining, remaining, resetAt, refused: used > limit };
  };
  return { ...uncounted, take: async (rate, caller) => take(rate, caller) };
}

const here = '192.0.2.1';
const elsewhere = '198.51.100.1';
const guesses = (count: number) => Array.from({ length: count }, (_, at) => `Bearer ofp_guess_${at}`);

/** A session token as it looks; only its claims are read here. */
const sessionToken = (sid: string, exp: number): string =>
  `Bearer e30.${Buffer.from(JSON.stringify({ sid, exp })).toString('base64url')}.c2ln`;

describe('tokens that are only tried', () => {
  test('are looked at as often as the rate of requests says, then refused unread', async () => {
    const { door, looked } = countedDoor();
    const entrance = openEntrance(door, countedRates());
    const told: (Budget | null)[] = [];
    for (const guess of guesses(most * 6)) told.push((await entrance.arrive(guess, here)).budget);
    expect(looked).toHaveLength(most);
    expect(told.filter((budget) => budget?.refused)).toHaveLength(most * 5);
    expect(told.at(-1)).toMatchObject({ rate: 'request', limit: most, remaining: 0, refused: true });
    await entrance.arrive('Bearer ofp_guess_from_elsewhere', elsewhere);
    expect(looked.at(-1)).toBe('Bearer ofp_guess_from_elsewhere');
  });

  test('lock nobody out whose token, or another one of the same session, has held', async () => {
    const [first, second] = [sessionToken('ada', 1), sessionToken('ada', 2)];
    const { door } = countedDoor({ [first]: 'ada', [second]: 'ada', 'Bearer key': 'bob' });
    const entrance = openEntrance(door, countedRates());
    for (const token of [first, 'Bearer key']) await entrance.arrive(token, elsewhere);
    for (const guess of guesses(most * 2)) await entrance.arrive(guess, here);
    for (const token of [first, second, 'Bearer key'])
      expect(await entrance.arrive(token, here)).toMatchObject({ entered: {}, budget: { refused: false } });
  });

  test('are refused unread also under the session of somebody else, once one of them did not hold', async () => {
    const own = sessionToken('ada', 1);
    const { door, looked } = countedDoor({ [own]: 'ada' });
    const entrance = openEntrance(door, countedRates());
    await entrance.arrive(own, elsewhere);
    for (const guess of guesses(most)) await entrance.arrive(guess, here);
    for (let exp = 2; exp < 50; exp += 1) await entrance.arrive(sessionToken('ada', exp), here);
    expect(looked).toHaveLength(1 + most + 1);
  });

  test('are all looked at where nothing is counted', async () => {
    const { door, looked } = countedDoor();
    const entrance = openEntrance(door, uncounted);
    for (const guess of guesses(most * 2)) await entrance.arrive(guess, here);
    expect(looked).toHaveLength(most * 2);
  });
});

describe('the signed-in', () => {
  test('of one address have a count together, and beyond it are refused unread, there only', async () => {
    const tokens = Array.from({ length: 31 }, (_, at) => `Bearer person${at}`);
    const { door, looked } = countedDoor(Object.fromEntries(tokens.map((token) => [token, token])));
    const entrance = openEntrance(door, countedRates());
    for (const token of tokens.slice(0, 30)) for (let at = 0; at < most; at += 1) await entrance.arrive(token, here);
    const last = tokens.at(-1);
    expect(await entrance.arrive(last, here)).toMatchObject({
      entered: {},
      budget: { rate: 'address', refused: true, limit: rates.address.most },
    });
    const before = looked.length;
    expect(await entrance.arrive(last, here)).toMatchObject({ entered: null, budget: { refused: true } });
    expect(looked).toHaveLength(before);
    expect((await entrance.arrive(last, elsewhere)).budget).toMatchObject({ rate: 'request', refused: false });
    // Those without a token have a count of their own.
    expect((await entrance.arrive(null, here)).budget).toMatchObject({ rate: 'request', refused: false });
  });
});

test('a new token that holds is taken whatever is left, and one that does not is a failed one', async () => {
  const { door, looked } = countedDoor({ 'Bearer old': 'ada', 'Bearer new': 'ada' });
  const entrance = openEntrance(door, countedRates());
  for (let at = 0; at <= most; at += 1) await entrance.arrive('Bearer old', here);
  expect((await entrance.arrive('Bearer old', here)).budget).toMatchObject({ refused: true });
  expect(await entrance.renew('Bearer new', here)).toMatchObject({ viewer: { userId: 'ada' } });
  for (const guess of guesses(most * 2)) expect(await entrance.renew(guess, here)).toBeNull();
  expect(looked.filter((token) => token.includes('guess'))).toHaveLength(most);
});
