import type { Runtime } from '#runtime.ts';

/** One sweep on its way: what it works with, and the instant that everything is measured by. */
export interface Sweeping extends Runtime {
  readonly now: Date;
  /** How old an object must be before it counts as one that no row will ever name. */
  readonly orphanGraceMs: number;
  /** Looked at between two batches: a sweep may stop anywhere and be taken up by the next one. */
  readonly signal: AbortSignal;
}

/** Rows in one statement: short enough to keep nobody waiting. */
export const batchSize = 500;

/** Repeats a statement that changes at most a batch of rows until there are no more; gives their number. */
export async function inBatches({ signal }: Pick<Sweeping, 'signal'>, once: () => Promise<number>): Promise<number> {
  let sum = 0;
  let done: number;
  do {
    done = await once();
    sum += done;
  } while (done >= batchSize && !signal.aborted);
  return sum;
}
