import { spawnSync } from 'node:child_process';

/**
 * Everything that must hold before a change goes in, in the order in which it is quickest to fail. The tests come last
 * and leave out/tests.json, from which .ci/run says its closing line.
 */
const steps: readonly (readonly [what: string, command: string])[] = [
  ['types', 'tsc -p .'],
  ['lint', 'oxlint'],
  ['format', 'biome check .'],
  ['dead code', 'knip'],
  ['migrations agree with the schema', 'node scripts/migrate.ts check'],
  ['schema.graphql is fresh', 'node scripts/print-schema.ts --check'],
  ['schema.graphql breaks no client', 'node scripts/check/released-schema.ts'],
  ['judges of schema.graphql', 'node scripts/check/judges.ts'],
  ['typed documents are fresh', 'graphql-codegen --config codegen.ts --check'],
  ['printed docs are fresh', 'node scripts/docs/docs.ts --check'],
  ['tests', 'npm test -- --reporter=default --reporter=json --outputFile.json=out/tests.json'],
];

// Stops at the first failure: a report of tests stands for a check that got as far as them.
for (const [what, command] of steps) {
  console.log(`\n== ${what}: ${command}`);
  const { status } = spawnSync(command, { shell: true, stdio: 'inherit' });
  if (status === 0) continue;
  console.error(`\nThe check stopped at: ${what}.`);
  process.exitCode = status ?? 1;
  break;
}
