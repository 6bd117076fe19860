import type { Rectangle } from './crop-plan.ts';

/** A weight for each cell, row by row. */
export interface Grid {
  readonly columns: number;
  readonly rows: number;
  readonly weights: ArrayLike<number>;
}

/** The rectangle of cells with the largest sum of weights, and that sum; null where no cell is above zero. */
export function largestSum(grid: Grid): (Rectangle & { readonly sum: number }) | null {
  let best: (Rectangle & { sum: number }) | null = null;
  for (let top = 0; top < grid.rows; top++) {
    const sums = new Float64Array(grid.columns);
    for (let bottom = top; bottom < grid.rows; bottom++) {
      for (let x = 0; x < grid.columns; x++) sums[x] = (sums[x] ?? 0) + (grid.weights[bottom * grid.columns + x] ?? 0);
      const run = largestRun(sums);
      if (run.sum > (best?.sum ?? 0)) {
        best = { x: run.from, y: top, width: run.to - run.from, height: bottom - top + 1, sum: run.sum };
      }
    }
  }
  return best;
}

/** The run of columns with the largest sum, end excluded: one walk, as Kadane has it. */
function largestRun(sums: Float64Array): { from: number; to: number; sum: number } {
  let best = { from: 0, to: 0, sum: 0 };
  let from = 0;
  let sum = 0;
  for (let at = 0; at < sums.length; at++) {
    if (sum <= 0) {
      from = at;
      sum = 0;
    }
    sum += sums[at] ?? 0;
    if (sum > best.sum) best = { from, to: at + 1, sum };
  }
  return best;
}
