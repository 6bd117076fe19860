import { type KeptClass, kept, keptClasses } from '#retention/kept.ts';
import { planNamed, planNames } from '#usage/plans.ts';
import { code, table } from './table.ts';

/** docs/retention.md, printed from the table of what is kept how long. */
export const retentionPage = (): string => `# What is kept, and how long

Printed from \`src/retention/kept.ts\` and \`src/usage/plans.ts\` by \`npm run docs\`; change it there.

${table(['What', 'Kept', 'Counted from when', 'What goes then'], keptClasses.map(rowOf))}

Finished files and recordings are kept as long as the workspace's plan says:

${table(
  ['Plan', 'Kept'],
  planNames.map((name) => [code(name), daysOf(planNamed(name).keepFinalsDays)]),
)}

The worker sweeps every ten minutes, and the stored objects that no row names once an hour: in batches, several workers at
once do no harm, and what a killed sweep leaves the next one takes. Bytes are removed after the commit that says so, never
before: no row names bytes that are missing. While a run is under way over an upload, none of its files go.

The embedded storage also drops, a day after their last byte, tus uploads that were never finished and bytes that a crash
left without a record. With a Supabase project the halves of broken tus uploads are the project's to drop.

Deleting an upload, a workspace or a person does not wait for any of this: rows go at once, bytes within moments, and a
receipt says how much it was. While a run was under way storage is looked through once more half a minute later; where the
bytes of an upload could still arrive, once more when its last target has expired.
`;

function rowOf(name: KeptClass): string[] {
  const { what, hours, since, goes } = kept[name];
  return [what, hours === 'plan' ? "as the workspace's plan says" : timeOf(hours), since, goes];
}

const timeOf = (hours: number | null): string => {
  if (hours === null) return '';
  if (hours === 1) return 'an hour';
  return hours > 48 ? `${hours / 24} days` : `${hours} hours`;
};

const daysOf = (days: number | null): string => (days === null ? 'as long as the upload' : `${days} days`);
