/**
 * The first six letters without a plural's ending: groups inflections in most languages without a dictionary. Five
 * joined unrelated words (`conte-nt`, `conte-st`), seven kept `deleted` and `deleting` apart.
 */
export function rootOf(word: string): string {
  const bare = word
    .toLowerCase()
    .normalize('NFC')
    .replace(/['’]\p{L}+$/u, '');
  return (bare.length > 4 ? bare.replace(/(?:es|en|s|e)$/u, '') : bare.replace(/s$/u, '')).slice(0, 6);
}

/** How often each thing occurs. */
export function tally<T>(things: Iterable<T>): Map<T, number> {
  const counts = new Map<T, number>();
  for (const thing of things) counts.set(thing, (counts.get(thing) ?? 0) + 1);
  return counts;
}

/** Cosine of two bags of roots, 0 to 1. */
export const likeness = (a: readonly string[], b: readonly string[]): number => cosine(tally(a), tally(b));

/** Cosine of two bags of weights, 0 to 1; 0 where one of them is empty. */
export function cosine(left: ReadonlyMap<string, number>, right: ReadonlyMap<string, number>): number {
  let dot = 0;
  for (const [root, weight] of left) dot += weight * (right.get(root) ?? 0);
  return dot === 0 ? 0 : dot / (norm(left) * norm(right));
}

const norm = (bag: ReadonlyMap<string, number>): number =>
  Math.sqrt([...bag.values()].reduce((sum, weight) => sum + weight * weight, 0));
