import type { Window } from './windows.ts';

/** The `count` windows of greatest worth in all that share no line: weighted interval scheduling, exact, O(windows × count). */
export function bestSet(windows: readonly Window[], count: number, lineCount: number): Window[] {
  const endingAt = Map.groupBy(windows, (window) => window.to);
  const rows: Best[][] = [Array.from({ length: lineCount + 1 }, () => nothing)];
  for (let chosen = 1; chosen <= count; chosen++) {
    const [before, row] = [rows[chosen - 1] ?? [], [nothing]];
    for (let line = 0; line < lineCount; line++) {
      const skipped = row[line] ?? nothing;
      row.push((endingAt.get(line) ?? []).reduce((best, window) => better(best, window, before), skipped));
    }
    rows.push(row);
  }
  return chosenIn(rows.at(-1)?.[lineCount] ?? nothing);
}

/** The best choice among the first lines: its worth and its last window, then what is best before that. */
interface Best {
  readonly worth: number;
  readonly window?: Window;
  readonly before?: Best;
}

const nothing: Best = { worth: 0 };

function better(best: Best, window: Window, before: readonly Best[]): Best {
  const earlier = before[window.from] ?? nothing;
  const worth = earlier.worth + window.worth;
  return worth > best.worth ? { worth, window, before: earlier } : best;
}

function chosenIn(best: Best): Window[] {
  const windows: Window[] = [];
  for (let at: Best | undefined = best; at?.window; at = at.before) windows.push(at.window);
  return windows.reverse();
}
