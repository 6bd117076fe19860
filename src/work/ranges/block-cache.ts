/** Blocks of bytes, the ones asked for last kept in memory. Who asks for one that is on its way waits for the same. */
export interface BlockCache {
  take(key: string, load: () => Promise<Buffer>): Promise<Buffer>;
  /** Of what is kept and there. */
  readonly sizeBytes: number;
}

interface Kept {
  readonly block: Promise<Buffer>;
  /** 0 until it is there. */
  sizeBytes: number;
}

/** Keeps at most `limitBytes`; blocks on their way come on top. One that could not be loaded is asked for anew. */
export function blockCache(limitBytes: number): BlockCache {
  const kept = new Map<string, Kept>();
  let sizeBytes = 0;
  return {
    take(key, load) {
      const entry = kept.get(key) ?? begin(key, load);
      kept.delete(key);
      kept.set(key, entry);
      return entry.block;
    },
    get sizeBytes() {
      return sizeBytes;
    },
  };

  function begin(key: string, load: () => Promise<Buffer>): Kept {
    const entry: Kept = { block: load(), sizeBytes: 0 };
    void settle(key, entry);
    return entry;
  }

  async function settle(key: string, entry: Kept): Promise<void> {
    try {
      entry.sizeBytes = (await entry.block).length;
      sizeBytes += entry.sizeBytes;
      dropOldest();
    } catch {
      kept.delete(key);
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
