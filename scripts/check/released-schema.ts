import { copyFile, readFile } from 'node:fs/promises';
import { buildSchema } from 'graphql';
import { changesBetween } from './schema-changes.ts';

// Holds a schema against that of the last release: what would break a client stops the check, unless it was deprecated
// in that release. `--release` makes today's schema the released one.
const [released = '.ci/released.graphql', current = 'schema.graphql'] = process.argv
  .slice(2)
  .filter((word) => word !== '--release');
if (process.argv.includes('--release')) await copyFile(current, released);
const { breaking, dangerous } = await changesBetween(await schemaIn(released), await schemaIn(current));
for (const { message } of dangerous) console.log(`may surprise clients: ${message}`);
for (const { message } of breaking) console.error(`breaks clients: ${message}`);
if (breaking.length > 0) {
  console.error('Deprecate it in one release, remove it in a later one: docs/api.md has the policy.');
  process.exitCode = 1;
}

async function schemaIn(file: string) {
  return buildSchema(await readFile(file, 'utf8'));
}
