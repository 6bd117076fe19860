import { keysOf } from '#base/record.ts';

/** How often one caller may do one thing: at most `most` times in a window of `seconds`, from the first time on. */
interface Rate {
  readonly most: number;
  readonly seconds: number;
  /** What is counted, in the plural. */
  readonly what: string;
}

/**
 * THE table of rates: docs/rates.md is printed from it. `request` is counted for every request over HTTP and every
 * operation on a socket; which mutation counts in which of the others says its row in the table of permissions.
 */
export const rates = {
  request: { most: 100, seconds: 60, what: 'requests' },
  generation: { most: 10, seconds: 60, what: 'generations' },
  render: { most: 5, seconds: 60, what: 'renders' },
  finalize: { most: 3, seconds: 60, what: 'finalized uploads' },
} as const satisfies Record<string, Rate>;

export type RateName = keyof typeof rates;

/** All rates, in the order of the table. */
export const rateNames = keysOf(rates);
