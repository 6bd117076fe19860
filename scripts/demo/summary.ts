import path from 'node:path';
import { Problem } from '#base/problem.ts';
import { OffprintError, type RunState, type RunStatus } from '#client/offprint.ts';
import { refusal } from './client.ts';
import { clock, size } from './figures.ts';
import type { SavedFile } from './output.ts';
import type { SavedPost } from './post-markdown.ts';
import type { Results } from './results.ts';

/** What the demo came to: printed as a table or, with --json, as it is. */
export interface Summary {
  readonly status: RunStatus;
  readonly title: string | null;
  /** From the command to here. */
  readonly seconds: number;
  /** Where the files lie; null when nothing was saved. */
  readonly folder: string | null;
  readonly files: readonly SavedFile[];
  readonly posts: readonly SavedPost[];
  /** `log` is the file with the server's own words, where one was at work. */
  readonly failure: { readonly code: string; readonly message: string; readonly log: string | null } | null;
}

/** What came of a run that ended. */
export function summaryOf(told: {
  readonly recording: { readonly title: string };
  readonly run: RunState;
  readonly results: Results | null;
  readonly seconds: number;
  readonly log: string;
}): Summary {
  const { recording, run, results, seconds, log } = told;
  const { title = recording.title, folder = null, files = [], posts = [] } = results ?? {};
  const failure = run.status === 'SUCCEEDED' ? null : failureIn(run, log);
  return { status: run.status, title, seconds, folder, files, posts, failure };
}

function failureIn({ status, failure }: RunState, log: string): Summary['failure'] {
  const { code, message, stage } = failure ?? { code: status, message: `The run ended as ${status}.` };
  return { code, message: stage ? `${stage}: ${message}` : message, log };
}

/** What came of a demo that did not get as far as the end of a run. */
export function failureOf(error: unknown): Omit<Summary, 'seconds'> {
  const known = error instanceof OffprintError ? refusal([error]) : error;
  const cause = known instanceof Problem ? known : new Problem('INTERNAL', {}, known);
  const message = cause.code === 'INTERNAL' && error instanceof Error ? error.message : cause.message;
  const status = cause.code === 'CANCELED' ? 'CANCELED' : 'FAILED';
  return { status, title: null, folder: null, files: [], posts: [], failure: { code: cause.code, message, log: null } };
}

/** Prints the summary: one JSON object on stdout, or a table. A failure goes to stderr in either case. */
export function printSummary(summary: Summary, asJson: boolean): void {
  if (asJson) console.log(JSON.stringify(summary, null, 2));
  else if (summary.folder !== null) console.log(table(summary));
  if (summary.failure === null) return;
  console.error(summary.failure.message);
  if (summary.failure.log !== null) console.error(`The server's log: ${summary.failure.log}`);
}

function table({ files, folder, seconds, posts }: Summary): string {
  const rows = files.map((file) => [
    file.path,
    file.durationMs === null ? '' : clock(file.durationMs),
    size(file.sizeBytes),
  ]);
  const unsupported = posts.reduce((sum, post) => sum + post.unsupported, 0);
  const read = unsupported > 0 ? ` Sentences without a source: ${unsupported}; read them before publishing.` : '';
  const place = path.relative(process.cwd(), folder ?? '') || '.';
  const shown = place.startsWith('..') ? folder : place;
  return `\n${columns([['file', 'length', 'size'], ...rows])}\n\n${files.length} files in ${shown}, made in ${clock(seconds * 1_000)}.${read}`;
}

/** The first column to the left, the others to the right. */
function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows
    .map((row) => row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))))
    .map((row) => `  ${row.join('   ')}`.trimEnd())
    .join('\n');
}
