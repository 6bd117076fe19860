import { readFile, writeFile } from 'node:fs/promises';
import { buildSchema } from 'graphql';
import { z } from 'zod';
import { changesBetween, hastyDeprecations } from './schema-changes.ts';

// Holds a schema against that of the last release: what would break a client stops the check, unless it was deprecated
// in that release and its day has come. `--release` makes today's schema that of the version in package.json, once.
const [released = '.ci/released.graphql', current = 'schema.graphql'] = process.argv
  .slice(2)
  .filter((word) => word !== '--release');
const [before, after] = [await readFile(released, 'utf8'), await readFile(current, 'utf8')];
const last = releaseOf(before);
const today = new Date().toISOString().slice(0, 10);

const { breaking, dangerous } = await changesBetween(buildSchema(before), buildSchema(after), today);
for (const { message } of dangerous) console.log(`may surprise clients: ${message}`);
for (const { message } of breaking) refuse(`breaks clients: ${message}`);
if (breaking.length > 0) console.error('Deprecate it in one release, remove it in a later one.');
for (const reason of hastyDeprecations(after, halfAYearBehind(last.day))) {
  refuse(`deprecated too hastily: "${reason}" names no day ("Goes after 2027-06-01.") half a year behind ${last.day}`);
}
if (process.argv.includes('--release') && process.exitCode === undefined) await release();
if (process.exitCode !== undefined) console.error('docs/api.md has the policy.');

function refuse(what: string): void {
  console.error(what);
  process.exitCode = 1;
}

/** A version is released once, and the change log has told of it. */
async function release(): Promise<void> {
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(await readFile('package.json', 'utf8')));
  const heading = (await readFile('CHANGELOG.md', 'utf8'))
    .split('\n')
    .find((line) => line.startsWith(`## [${version}] - `));
  if (version === last.version) return refuse(`${version} is released already: package.json needs the next version`);
  if (!heading) return refuse(`CHANGELOG.md has no section "## [${version}] - ${today}"`);
  await writeFile(released, `# Released as ${version} on ${heading.slice(-today.length)}.\n${after}`);
}

/** What the first line of a released schema says of it. */
function releaseOf(sdl: string): { version: string; day: string } {
  const [, version, day] = /^# Released as (\S+) on (\d{4}-\d{2}-\d{2})\.\n/.exec(sdl) ?? [];
  if (version === undefined || day === undefined)
    throw new Error('The released schema does not say of which release it is.');
  return { version, day };
}

/** A day of 181 days later, which no half year is longer than by more than three. */
function halfAYearBehind(day: string): string {
  return new Date(Date.parse(day) + 181 * 24 * 60 * 60 * 1_000).toISOString().slice(0, 10);
}
