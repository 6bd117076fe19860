import { createClient } from '#client/offprint.ts';
import { openDisplay } from './display.ts';
import { followRun } from './follow-run.ts';
import { untilStopped } from './interruption.ts';
import { type Options, readOptions, usage } from './options.ts';
import { openPrivateServer } from './private-server.ts';
import { readRecording } from './recording.ts';
import { saveResults } from './results.ts';
import { resultsFolder } from './results-folder.ts';
import { sendRecording } from './send-recording.ts';
import { failureOf, printSummary, type Summary, summaryOf } from './summary.ts';

const startedAt = Date.now();
const asJson = process.argv.includes('--json');
try {
  const options = readOptions();
  if (options.help) console.log(usage);
  else finish(await demo(options));
} catch (error) {
  finish({ ...failureOf(error), seconds: secondsSince(startedAt) });
}

/** One recording all the way, as any client would bring it: through the public API only. */
async function demo(options: Options): Promise<Summary> {
  const recording = await readRecording(options.file);
  const folder = await resultsFolder(options.out, recording.title);
  using interruption = untilStopped();
  const display = openDisplay(options.json ? process.stderr : process.stdout);
  display.say('Starting a private server …');
  await using server = await openPrivateServer(options.home, interruption.signal);
  await using api = createClient(server);
  const client = { ...api, signal: server.signal };
  const { uploadId, runId } = await sendRecording(client, recording, display);
  const run = await followRun(client, runId, display);
  const usable = run.status === 'SUCCEEDED' || run.status === 'PARTIAL';
  const results = usable ? await saveResults(client, uploadId, folder) : null;
  return summaryOf({ recording, run, results, seconds: secondsSince(startedAt), log: server.log });
}

function finish(summary: Summary): void {
  printSummary(summary, asJson);
  process.exitCode = summary.status === 'SUCCEEDED' ? 0 : 1;
}

function secondsSince(instant: number): number {
  return Math.round((Date.now() - instant) / 100) / 10;
}
