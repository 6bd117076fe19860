import { expect, test } from 'vitest';
import { KeyLock } from '#embedded/storage/key-lock.ts';

test('bodies of one name run one after the other, in the order they came', async () => {
  const lock = new KeyLock();
  const first = Promise.withResolvers<void>();
  const seen: string[] = [];
  const holds = [
    lock.hold('a', async () => {
      await first.promise;
      seen.push('first');
    }),
    lock.hold('a', async () => void seen.push('second')),
    lock.hold('b', async () => void seen.push('another name')),
  ];
  await holds[2];
  expect(seen).toEqual(['another name']);
  first.resolve();
  await Promise.all(holds);
  expect(seen).toEqual(['another name', 'first', 'second']);
});

test('a body that fails hands its failure to its own caller only', async () => {
  const lock = new KeyLock();
  const failed = lock.hold('a', () => Promise.reject(new Error('no')));
  const next = lock.hold('a', () => Promise.resolve('yes'));
  await expect(failed).rejects.toThrow('no');
  expect(await next).toBe('yes');
});
