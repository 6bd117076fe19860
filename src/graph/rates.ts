import { keysOf } from '#base/record.ts';

/** How often one caller may do one thing: at most `most` times in a window of `seconds`, from the first time on. */
interface Rate {
  readonly most: number;
  readonly seconds: number;
  /** What is counted, in the plural. */
  readonly what: string;
  /** How many a process takes from the shared count at a time, to hand them out itself; one unless said. */
  readonly handful?: number;
}

/**
 * THE table of rates: docs/rates.md is printed from it. `request` is counted for every request over HTTP and every
 * operation on a socket, and `address` for those of the signed-in once more: a hundred people behind one address may each
 * ask every two seconds, and who has many accounts does not get as many times more. Which mutation counts in which of the others says its row in the table of permissions.
 */
export const rates = {
  request: { most: 100, seconds: 60, what: 'requests' },
  address: { most: 3_000, seconds: 60, what: 'requests from one address', handful: 30 },
  generation: { most: 10, seconds: 60, what: 'generations' },
  render: { most: 5, seconds: 60, what: 'renders' },
  webhook: { most: 20, seconds: 60, what: 'calls of webhook addresses' },
  finalize: { most: 3, seconds: 60, what: 'finalized uploads' },
} as const satisfies Record<string, Rate>;

export type RateName = keyof typeof rates;

/** The row of a rate. */
export const rateOf = (name: RateName): Rate => rates[name];

/** All rates, in the order of the table. */
export const rateNames = keysOf(rates);
