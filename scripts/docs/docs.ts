import { readFile, writeFile } from 'node:fs/promises';
import { codesPage } from './codes.ts';
import { environmentExample, environmentPage } from './environment.ts';
import { limitsPage } from './limits.ts';
import { permissionsPage } from './permissions.ts';
import { pipelinePage } from './pipeline.ts';
import { problemsPage } from './problems.ts';
import { ratesPage } from './rates.ts';
import { retentionPage } from './retention.ts';

// The pages that are printed from the code's own tables. `--check` fails when one is not what the code says.
const pages: Readonly<Record<string, () => string>> = {
  'docs/pipeline.md': pipelinePage,
  'docs/problems.md': problemsPage,
  'docs/codes.md': codesPage,
  'docs/environment.md': environmentPage,
  'docs/retention.md': retentionPage,
  'docs/permissions.md': permissionsPage,
  'docs/rates.md': ratesPage,
  'docs/limits.md': limitsPage,
  '.env.example': environmentExample,
};

for (const [file, print] of Object.entries(pages)) {
  const printed = print();
  if (!process.argv.includes('--check')) await writeFile(file, printed);
  else if ((await readFile(file, 'utf8').catch(() => '')) !== printed) {
    console.error(`${file} is not what the code says: run npm run docs`);
    process.exitCode = 1;
  }
}
