/** Clients that are waited for: with bodies that are on their way, or with answers that they do not read. */
export interface Waiting {
  /**
   * Waits for a client at an address, and gives the way to end that. Where too many are waited for already, `giveUp` is
   * called of the one that has let us wait longest, of the same address where that is what has too many.
   */
  begin(address: string, giveUp: () => void): () => void;
}

/** Of `most` clients that may be waited for at a time, as many may come from one address. */
const shareOfOne = 1 / 4;

/**
 * Bounds what waits for others without ever refusing who comes: somebody who lets us wait on purpose is given up first,
 * while whoever is as quick as networks are has long left.
 */
export function openWaiting(most: number): Waiting {
  const waited = new Set<{ readonly address: string; readonly giveUp: () => void }>();
  const mostEach = Math.ceil(most * shareOfOne);
  return {
    begin(address, giveUp) {
      const longest = tooMany(address);
      if (longest) {
        waited.delete(longest);
        longest.giveUp();
      }
      const one = { address, giveUp };
      waited.add(one);
      return () => void waited.delete(one);
    },
  };

  function tooMany(address: string) {
    const those = [...waited].filter((one) => one.address === address);
    if (those.length >= mostEach) return those[0];
    return waited.size >= most ? [...waited][0] : undefined;
  }
}
