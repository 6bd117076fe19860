import { readFile, writeFile } from 'node:fs/promises';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { schema } from '#schema.ts';

// schema.graphql is what clients and the code generator read. `--check` fails when it is not what the code says.
const file = 'schema.graphql';
const printed = `${printSchema(lexicographicSortSchema(schema))}\n`;
if (process.argv.includes('--check')) {
  if ((await readFile(file, 'utf8').catch(() => '')) !== printed) {
    console.error('schema.graphql is not what the code says: run npm run codegen');
    process.exitCode = 1;
  }
} else {
  await writeFile(file, printed);
}
