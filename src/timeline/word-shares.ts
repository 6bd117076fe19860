/** Words by what decides where a line of them may be parted. */
export interface Weighed {
  /** By letters; each more than nothing. */
  readonly weights: readonly number[];
  /** Whether it ends with a mark. */
  readonly marked: readonly boolean[];
}

/**
 * How many words fall to each of some stretches of time, by weight and length in milliseconds; but a pause rather follows
 * a mark than splits a phrase. All words fall to one, in order.
 */
export function wordShares({ weights, marked }: Weighed, lengthsMs: readonly number[]): number[] {
  const ends = cumulated(weights);
  const times = cumulated(lengthsMs);
  const perMs = (ends.at(-1) ?? 0) / (times.at(-1) || 1);
  let taken = 0;
  return times.map((time, index) => {
    const upTo = index === times.length - 1 ? weights.length : nearestBoundary({ ends, marked }, time * perMs);
    const count = Math.max(0, upTo - taken);
    taken += count;
    return count;
  });
}

/** A mark outweighs being off by ten letters, about two thirds of a second of speech. */
const markIsWorth = 10;

/** Looks only at the words around the target: a cue of 20,000 words over 1,000 pauses took a worker six seconds. */
function nearestBoundary(
  { ends, marked }: { readonly ends: readonly number[]; readonly marked: readonly boolean[] },
  target: number,
): number {
  const away = (end: number | undefined): number => Math.abs((end ?? 0) - target);
  const next = firstWhere(ends, (end) => end >= target);
  // One more for what is lost in rounding; what is further away is no better for any mark.
  const reach = Math.min(away(ends[next - 1]), away(ends[next])) + markIsWorth + 1;
  let best = 0;
  let least = target;
  for (let at = firstWhere(ends, (end) => end >= target - reach); (ends[at] ?? Infinity) <= target + reach; at += 1) {
    const distance = away(ends[at]) - (marked[at] ? markIsWorth : 0);
    if (distance >= least) continue;
    least = distance;
    best = at + 1;
  }
  return best;
}

/** Running sums. */
export const cumulated = (values: readonly number[]): number[] => {
  let sum = 0;
  return values.map((value) => (sum += value));
};

/** The first place of a list from which on all fit, by halving; its length where none does. */
export function firstWhere<Item>(items: readonly Item[], fits: (item: Item) => boolean): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && fits(item)) high = middle;
    else low = middle + 1;
  }
  return low;
}
