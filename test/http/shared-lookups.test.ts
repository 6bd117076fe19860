import { expect, test } from 'vitest';
import { sharedLookups } from '#http/shared-lookups.ts';

/** Lookups that are answered when the test says so, in the order they began. */
function heldLookups() {
  const begun: PromiseWithResolvers<string>[] = [];
  const look = () => {
    const lookup = Promise.withResolvers<string>();
    begun.push(lookup);
    return lookup.promise;
  };
  return { begun, look };
}

test('who comes while a lookup is under way shares the next one, which begins after they came', async () => {
  const { begun, look } = heldLookups();
  const lookUp = sharedLookups<string>();
  const first = lookUp('a', look);
  const [second, third] = [lookUp('a', look), lookUp('a', look)];
  expect(begun).toHaveLength(1);
  begun[0]?.resolve('old');
  expect(await first).toBe('old');
  await expect.poll(() => begun.length).toBe(2);
  begun[1]?.resolve('new');
  expect(await Promise.all([second, third])).toEqual(['new', 'new']);
  void lookUp('a', look);
  expect(begun).toHaveLength(3);
});

test('a lookup of something else waits for nobody', () => {
  const { begun, look } = heldLookups();
  const lookUp = sharedLookups<string>();
  void lookUp('a', look);
  void lookUp('b', look);
  expect(begun).toHaveLength(2);
});

test('one that fails fails for those who asked it, and not for who waits behind it', async () => {
  const { begun, look } = heldLookups();
  const lookUp = sharedLookups<string>();
  const failing = lookUp('a', look);
  const behind = lookUp('a', look);
  begun[0]?.reject(new Error('away'));
  await expect(failing).rejects.toThrow('away');
  await expect.poll(() => begun.length).toBe(2);
  begun[1]?.resolve('back');
  expect(await behind).toBe('back');
});
