import { overlaps, type Span } from '#base/time.ts';
import type { TranscriptLine } from '#providers/language-model.ts';
import type { Run } from './windows.ts';

/** A span that a person decided about: kept ones stand, dismissed ones are not proposed again. */
export interface DecidedSpan extends Span {
  readonly kept: boolean;
}

/** A decided span as the lines it touches. */
export interface DecidedRun extends Run {
  readonly kept: boolean;
}

/** Decided spans on the lines; those that touch none are left out. */
export const decidedRuns = (lines: readonly TranscriptLine[], decided: readonly DecidedSpan[]): DecidedRun[] =>
  decided.flatMap((span) => {
    const touches = (line: TranscriptLine): boolean => overlaps(line, span) && covers(span, line);
    const from = lines.findIndex(touches);
    return from < 0 ? [] : [{ from, to: lines.findLastIndex(touches), kept: span.kept }];
  });

/** Padding around speech reaches into a neighbour at most; half a line is meant. */
const covers = (span: Span, line: Span): boolean =>
  Math.min(span.endMs, line.endMs) - Math.max(span.startMs, line.startMs) >= (line.endMs - line.startMs) / 2;

/** As much as a tenth of the best score either way: what people like outweighs close calls, never a clear one. */
const [liked, disliked] = [0.1, -0.15];

/** What earlier decisions add to or take from the score of a run, by the decided run that is most like it. */
export function leaningTo(run: Run, decided: readonly DecidedRun[], alike: (a: Run, b: Run) => number): number {
  const most = (kept: boolean): number =>
    decided.filter((other) => other.kept === kept).reduce((best, other) => Math.max(best, alike(run, other)), 0);
  return liked * most(true) + disliked * most(false);
}
