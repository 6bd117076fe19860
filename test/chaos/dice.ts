/** Chance that can be repeated: the same seed throws the same numbers. */
export interface Dice {
  /** From 0 to 1, 1 excluded. */
  throw(): number;
  between(from: number, to: number): number;
  chance(share: number): boolean;
  pick<T>(items: readonly [T, ...T[]]): T;
  /** Picks a name by the weights of all. */
  weighed<Name extends string>(weights: Readonly<Record<Name, number>>): Name;
  /** Dice of one's own: what others throw meanwhile does not change one's numbers. */
  of(name: string): Dice;
}

/** Opens the dice of a seed (mulberry32: 32 bits of state are plenty for a schedule). */
export function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    throw: next,
    between: (from, to) => from + next() * (to - from),
    chance: (share) => next() < share,
    pick: (items) => items[Math.floor(next() * items.length)] ?? items[0],
    weighed: (weights) => weighed(weights, next()),
    of: (name) => diceOf(seed ^ hashOf(name)),
  };
}

function weighed<Name extends string>(weights: Readonly<Record<Name, number>>, thrown: number): Name {
  const names = Object.keys(weights).filter((name): name is Name => name in weights);
  let left = thrown * names.reduce((sum, name) => sum + weights[name], 0);
  const found = names.find((name) => (left -= weights[name]) < 0) ?? names.at(-1);
  if (found === undefined) throw new TypeError('nothing to pick from');
  return found;
}

const hashOf = (name: string): number =>
  Buffer.from(name).reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), 0x811c9dc5);
