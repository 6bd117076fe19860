import { makeRoom } from '#base/make-room.ts';
import type { Budget } from '#graph/rate-limits.ts';

/** Callers that are known to have nothing left. */
export interface Spent {
  /** The refusal of a caller, until the window ends. */
  of(caller: string): Budget | null;
  add(caller: string, budget: Budget): void;
}

/** Of how many that is remembered; the one that was added first makes room. */
const remembered = 1_000;

/** Remembers refusals, so that the next one costs nothing. */
export function openSpent(): Spent {
  const budgets = new Map<string, Budget>();
  return {
    of(caller) {
      const budget = budgets.get(caller);
      return budget && budget.resetAt.getTime() > Date.now() ? budget : null;
    },
    add(caller, budget) {
      makeRoom(budgets, remembered).set(caller, budget);
    },
  };
}
