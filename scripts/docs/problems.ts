import { type ProblemCode, problems } from '#base/problem.ts';
import { keysOf } from '#base/record.ts';
import { code, table } from './table.ts';

/** docs/problems.md, printed from the table of problems. */
export const problemsPage = (): string => `# Problems

Printed from \`src/base/problem.ts\` by \`npm run docs\`; change it there.

Every failure of Offprint has one of these codes. Branch on the code; the sentence is for people and may carry the numbers
of the occurrence. A *passing* one is tried again by the worker; the same request may go well later.

## What a caller may see

In \`errors\` of a mutation's payload, in \`failure\` of uploads, runs, stage runs, renditions and contents, and in events.
Whatever is not in this table reaches a caller as INTERNAL, with the correlation id that finds its log line.

${table(['Code', 'Sentence', 'Passing'], rowsFor('caller'))}

## What stops a process

These are for whoever runs Offprint: said on stderr when a process cannot start.

${table(
  ['Code', 'Sentence'],
  rowsFor('operator').map((row) => row.slice(0, 2)),
)}
`;

const rowsFor = (audience: 'caller' | 'operator'): string[][] =>
  keysOf(problems)
    .filter((name) => problems[name].audience === audience)
    .map((name: ProblemCode) => [
      code(name),
      problems[name].say({}),
      problems[name].retry === 'transient' ? 'yes' : 'no',
    ]);
