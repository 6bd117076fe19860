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

  test('asks anew for a block that could not be loaded', async () => {
    const { cache, take } = watchedCache();
    await expect(cache.take('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await take('a')).toEqual(block('a'));
  });
});
