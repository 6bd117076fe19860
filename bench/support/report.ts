import { availableParallelism } from 'node:os';

/** One line of a bench's table: what was measured, what came out, and what is wanted. */
export interface Figure {
  readonly what: string;
  readonly measured: string;
  readonly wanted?: string;
  /** Absent where nothing is wanted of it. */
  readonly reached?: boolean;
}

/** Prints the table of a bench (Markdown, columns aligned); a goal that was missed makes the process end with 1. */
export function report(title: string, figures: readonly Figure[]): void {
  const cells = figures.map(({ what, measured, wanted = '', reached }) => [what, measured, wanted, verdict(reached)]);
  const rows = [[title, 'measured', 'wanted', ''], ...cells];
  const widths = [0, 1, 2, 3].map((at) => Math.max(3, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[], fill = ' ') =>
    `| ${widths.map((width, at) => (row[at] ?? '').padEnd(width, fill)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  console.log([line(head), line([], '-'), ...body.map((row) => line(row))].join('\n'));
  console.log(`\nNode ${process.version}, ${availableParallelism()} cores.\n`);
  if (figures.some(({ reached }) => reached === false)) process.exitCode = 1;
}

const verdict = (reached: boolean | undefined): string => (reached === undefined ? '' : reached ? 'reached' : 'MISSED');
