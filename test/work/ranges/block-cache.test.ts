import { describe, expect, test } from 'vitest';
import { blockCache } from '#work/ranges/block-cache.ts';

const block = (name: string): Buffer => Buffer.alloc(10, name);

/** A cache of three blocks, and the keys it had to load. */
function watchedCache() {
  const loads: string[] = [];
  const cache = blockCache(30);
  const take = (key: string) =>
    cache.take(key, async () => {
      loads.push(key);
      return block(key);
    });
  return { cache, loads, take };
}

describe('a cache of blocks', () => {
  test('loads a block once for all who want it, also while it is on its way', async () => {
    const { loads, take } = watchedCache();
    const both = await Promise.all([take('a'), take('a')]);
    expect(both).toEqual([block('a'), block('a')]);
    await take('a');
    expect(loads).toEqual(['a']);
  });

  test('keeps the blocks asked for last, and never more bytes than it may', async () => {
    const { cache, loads, take } = watchedCache();
    for (const key of ['a', 'b', 'c', 'a', 'd']) {
      await take(key);
      expect(cache.sizeBytes).toBeLessThanOrEqual(30);
    }
    await take('a');
    await take('b');
    expect(loads).toEqual(['a', 'b', 'c', 'd', 'b']);
  });

  test('forgets what nobody asked for in a while, and what was on its way when it was forgotten', async () => {
    let now = 0;
    const cache = blockCache(100, () => now);
    const loads: string[] = [];
    const take = (key: string) => cache.take(key, async () => block(loads.push(key) ? key : ''));
    await Promise.all(['a/0', 'a/1', 'b/0'].map(take));
    now = 60;
    await take('b/0');
    now = 100;
    cache.forgetUnused(100);
    expect(cache.sizeBytes).toBe(10);
    const arriving = take('a/0');
    cache.forget('a/');
    await arriving;
    expect(cache.sizeBytes).toBe(10);
    await Promise.all([take('a/0'), take('b/0')]);
    expect(loads).toEqual(['a/0', 'a/1', 'b/0', 'a/0', 'a/0']);
  });

  test('asks anew for a block that could not be loaded', async () => {
    const { cache, take } = watchedCache();
    await expect(cache.take('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await take('a')).toEqual(block('a'));
  });
});
