/**
 * Looks something up once for all who ask at the same time. Who asks while a lookup is under way does not get its answer,
 * which may be older than the question, but shares the next one, that begins when this one is done. Ten requests of one
 * page so take two statements instead of ten, and none is answered by what was true before it came.
 */
export function sharedLookups<Answer>(): (key: string, look: () => Promise<Answer>) => Promise<Answer> {
  const running = new Map<string, Promise<Answer>>();
  const next = new Map<string, Promise<Answer>>();
  return (key, look) => {
    const waiting = next.get(key);
    if (waiting) return waiting;
    const before = running.get(key);
    if (!before) return start(key, look);
    const behind = after(before, () => {
      next.delete(key);
      return start(key, look);
    });
    next.set(key, behind);
    return behind;
  };

  async function start(key: string, look: () => Promise<Answer>): Promise<Answer> {
    const answer = look();
    running.set(key, answer);
    try {
      return await answer;
    } finally {
      if (running.get(key) === answer) running.delete(key);
    }
  }
}

/** How the one before ends is for those who asked it. */
async function after<Answer>(before: Promise<Answer>, begin: () => Promise<Answer>): Promise<Answer> {
  await Promise.allSettled([before]);
  return begin();
}
