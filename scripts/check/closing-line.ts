import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const Report = z.object({
  success: z.boolean(),
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) })),
});

/**
 * Says `N passed, N failed` of a JSON report of the tests; exit 1 unless some passed and none failed. A file that fails
 * outside its tests (it does not load, a hook throws) counts as one failure, and so does an error outside every file.
 */
async function closingLine(file: string): Promise<void> {
  const report = Report.parse(JSON.parse(await readFile(file, 'utf8')));
  const outside = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
  );
  const known = report.numFailedTests + outside.length;
  const failed = known === 0 && !report.success ? 1 : known;
  console.log(`${report.numPassedTests} passed, ${failed} failed`);
  if (failed > 0 || report.numPassedTests === 0) process.exitCode = 1;
}

await closingLine(process.argv[2] ?? 'out/tests.json');
