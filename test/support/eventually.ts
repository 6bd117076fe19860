import { vi } from 'vitest';

/**
 * Looks again and again until an expectation holds, and gives what it gave. It is for what comes about sooner or later: how
 * soon says the test itself where that is promised. The patience is that of a machine with much else to do.
 */
export const eventually = <T>(expectation: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(expectation, { timeout: 30_000, interval: 20 });
