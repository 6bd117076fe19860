/** Blocks of bytes, the ones asked for last kept in memory. Who asks for one that is on its way waits for the same. */
export interface BlockCache {
  take(key: string, load: () => Promise<Buffer>): Promise<Buffer>;
  /** Forgets every block whose key begins so. */
  forget(prefix: string): void;
  /** Forgets what nobody has asked for in so many milliseconds. */
  forgetUnused(forMs: number): void;
  /** Of what is kept and there. */
  readonly sizeBytes: number;
}

interface Kept {
  readonly block: Promise<Buffer>;
  /** 0 until it is there. */
  sizeBytes: number;
  /** When it was asked for last, by the clock of the cache. */
  usedAt: number;
}

/**
 * Keeps at most `limitBytes`; blocks on their way come on top. One that could not be loaded is asked for anew. `now` is
 * a clock in milliseconds that never goes back.
 */
export function blockCache(limitBytes: number, now = (): number => performance.now()): BlockCache {
  const kept = new Map<string, Kept>();
  let sizeBytes = 0;
  return {
    take(key, load) {
      const entry = kept.get(key) ?? begin(key, load);
      kept.delete(key);
      kept.set(key, entry);
      entry.usedAt = now();
      return entry.block;
    },
    forget: (prefix) => drop((key) => key.startsWith(prefix)),
    forgetUnused: (forMs) => drop((_key, { usedAt }) => usedAt <= now() - forMs),
    get sizeBytes() {
      return sizeBytes;
    },
  };

  function begin(key: string, load: () => Promise<Buffer>): Kept {
    const entry: Kept = { block: load(), sizeBytes: 0, usedAt: now() };
    void settle(key, entry);
    return entry;
  }

  async function settle(key: string, entry: Kept): Promise<void> {
    try {
      const { length } = await entry.block;
      if (kept.get(key) !== entry) return;
      entry.sizeBytes = length;
      sizeBytes += length;
      dropOldest();
    } catch {
      if (kept.get(key) === entry) kept.delete(key);
    }
  }

  function drop(isUnwanted: (key: string, entry: Kept) => boolean): void {
    for (const [key, entry] of kept) {
      if (!isUnwanted(key, entry)) continue;
      kept.delete(key);
      sizeBytes -= entry.sizeBytes;
    }
  }

  function dropOldest(): void {
    for (const [key, entry] of kept) {
      if (sizeBytes <= limitBytes) return;
      if (entry.sizeBytes > 0) {
        kept.delete(key);
        sizeBytes -= entry.sizeBytes;
      }
    }
  }
}
