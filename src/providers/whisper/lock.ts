import { open, rm, stat, utimes } from 'node:fs/promises';

/** A holder touches its lock this often; a lock four times older belongs to a dead process. */
const touchMs = 15_000;
const staleMs = 4 * touchMs;

/**
 * Takes a lock file until the end of its scope, or gives null when somebody holds it. A lock that nobody touches any
 * more is removed for the next try.
 */
export async function tryLock(file: string): Promise<AsyncDisposable | null> {
  try {
    await (await open(file, 'wx')).close();
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST')) throw thrown;
    const held = await stat(file).catch(() => null);
    if (held !== null && Date.now() - held.mtimeMs > staleMs) await rm(file, { force: true });
    return null;
  }
  const touch = setInterval(() => void utimes(file, new Date(), new Date()).catch(() => {}), touchMs).unref();
  return {
    [Symbol.asyncDispose]() {
      clearInterval(touch);
      return rm(file, { force: true });
    },
  };
}
