import { expect, test } from 'vitest';
import { byHandfuls } from '#graph/rate-handfuls.ts';
import type { Budget } from '#graph/rate-limits.ts';

/** A store that counts to `most` in a window that ends at `resetAt`, and writes down what was taken. */
function counted(most: number, window: { resetAt: Date }) {
  const taken: number[] = [];
  let used = 0;
  const takeFrom = async (_caller: string, points: number): Promise<Budget> => {
    taken.push(points);
    used += points;
    const remaining = Math.max(0, most - used);
    return {
      rate: 'address',
      limit: most,
      used: most - remaining,
      remaining,
      resetAt: window.resetAt,
      refused: used > most,
    };
  };
  return { taken, takeFrom };
}

const later = () => ({ resetAt: new Date(Date.now() + 60_000) });

test('a handful is taken once and told one by one, and nothing more than there is', async () => {
  const { taken, takeFrom } = counted(6, later());
  const take = byHandfuls(3, takeFrom);
  const told: Budget[] = [];
  for (let at = 0; at < 8; at += 1) told.push(await take('ada'));
  expect(told.map(({ remaining }) => remaining)).toEqual([5, 4, 3, 2, 1, 0, 0, 0]);
  expect(told.map(({ used }) => used)).toEqual([1, 2, 3, 4, 5, 6, 6, 6]);
  expect(told.map(({ refused }) => refused)).toEqual([...Array<boolean>(6).fill(false), true, true]);
  expect(taken).toEqual([3, 3, 3]);
});

test('those who ask at once share it, and each caller has their own', async () => {
  const { taken, takeFrom } = counted(100, later());
  const take = byHandfuls(4, takeFrom);
  const told = await Promise.all(Array.from({ length: 8 }, () => take('ada')));
  expect(taken).toEqual([4, 4]);
  expect(new Set(told.map(({ remaining }) => remaining)).size).toBe(8);
  await take('bob');
  expect(taken).toEqual([4, 4, 4]);
});

test('what is left of a handful ends with its window', async () => {
  const window = { resetAt: new Date(Date.now() - 1) };
  const { taken, takeFrom } = counted(100, window);
  const take = byHandfuls(4, takeFrom);
  await take('ada');
  await take('ada');
  expect(taken).toEqual([4, 4]);
});

test('a store that fails is asked again by the next one', async () => {
  const asked: number[] = [];
  const take = byHandfuls(4, async (_caller, points) => {
    asked.push(points);
    throw new Error('away');
  });
  await expect(take('ada')).rejects.toThrow('away');
  await expect(take('ada')).rejects.toThrow('away');
  expect(asked).toEqual([4, 4]);
});
