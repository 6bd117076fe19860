// Part of `npm install`: the typed documents of the demo and the tests. An install without development packages has
// neither the generator nor a use for them. Plain JavaScript, because such an install runs on the host's own Node.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

try {
  createRequire(import.meta.url).resolve('@graphql-codegen/cli');
} catch {
  process.exit(0);
}
const { status } = spawnSync('graphql-codegen', ['--config', 'codegen.ts', '--silent'], { stdio: 'inherit', shell: true });
process.exit(status ?? 1);
