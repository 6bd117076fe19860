import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

// Linters of others over schema.graphql. They need graphql 16, so they are installed in a folder of their own, which a
// developer may do without: the check of every push (.ci/run) installs it.
const home = '.ci/judges';
const modules = `${home}/node_modules`;

/** All of graphql-schema-linter's rules but one: it sorts 1080P before 720P, which scripts/print-schema.ts does not. */
const rules = [
  'arguments-have-descriptions',
  'defined-types-are-used',
  'deprecations-have-a-reason',
  'descriptions-are-capitalized',
  'enum-values-all-caps',
  'enum-values-have-descriptions',
  'fields-are-camel-cased',
  'fields-have-descriptions',
  'input-object-fields-sorted-alphabetically',
  'input-object-values-are-camel-cased',
  'input-object-values-have-descriptions',
  'interface-fields-sorted-alphabetically',
  'relay-connection-arguments-spec',
  'relay-connection-types-spec',
  'relay-page-info-spec',
  'type-fields-sorted-alphabetically',
  'types-are-capitalized',
  'types-have-descriptions',
];

const judges = {
  'graphql-eslint': ['eslint/bin/eslint.js', '-c', `${home}/eslint.config.js`, '--max-warnings', '0', 'schema.graphql'],
  'graphql-schema-linter': ['graphql-schema-linter/lib/cli.js', '--rules', rules.join(','), 'schema.graphql'],
};

if (existsSync(modules))
  for (const [name, [program = '', ...args]] of Object.entries(judges)) judge(name, program, args);
else {
  console.error(`The judges are not installed: (cd ${home} && npm ci)`);
  process.exitCode = 1;
}

function judge(name: string, program: string, args: readonly string[]): void {
  const { status } = spawnSync(process.execPath, [`${modules}/${program}`, ...args], { stdio: 'inherit' });
  console.log(`${name}: ${status === 0 ? 'no fault' : 'faults'}`);
  if (status !== 0) process.exitCode = 1;
}
