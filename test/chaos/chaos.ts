import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inspect, parseArgs } from 'node:util';
import { violationsOf } from './checks/checks.ts';
import { figuresOf } from './figures.ts';
import type { History } from './history.ts';
import { withStorm } from './storm.ts';
import { tableOf } from './table.ts';

/**
 * `npm run chaos -- [--seed N] [--minutes N] [--kills N]`: prints the table of one storm; exit code 1 when a promise was
 * broken. With `--kills` workers are killed one by one and nothing else fails, until so many were killed.
 */
async function chaos(): Promise<void> {
  const number = { type: 'string' } as const;
  const { values } = parseArgs({ options: { seed: number, minutes: number, kills: number } });
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
  const kills = values.kills === undefined ? null : Number(values.kills);
  const stormMs = Number(values.minutes ?? (kills === null ? defaultMinutes : mostMinutes)) * 60_000;
  const logs = path.resolve('out', `chaos-${seed}`);
  await rm(logs, { recursive: true, force: true });
  const startedAt = performance.now();
  const workers = kills === null ? 3 : 5;
  const options = { seed, stormMs, once: false, kills, workers, people: 9, silentMs: 15_000, calmMs: 90_000, logs };
  await withStorm({ ...options, tell: (line) => console.log(line) }, async (aftermath) => {
    const violations = await violationsOf(aftermath);
    const seconds = (performance.now() - startedAt) / 1000;
    const table = tableOf({ seed, seconds, aftermath, figures: await figuresOf(aftermath), violations });
    const details = violations.map(({ check, kind, detail }) => `- ${check}, ${kind}: ${detail}`);
    await writeFile(`${logs}.md`, [table, ...details, ''].join('\n'));
    await writeFile(path.join(logs, 'faults.log'), faultLines(aftermath.history));
    console.log([table, ...details].join('\n'));
    if (violations.length > 0) process.exitCode = 1;
  });
}

const faultLines = ({ faults }: History): string =>
  faults.map(({ at, kind }) => `${new Date(at).toISOString()} ${kind}\n`).join('');

/** Of storm; with the start, the calm and the checks it stays under four minutes. */
const defaultMinutes = 1.75;
/** However many are to be killed. */
const mostMinutes = 60;

// A storm that could not be carried out says why, whatever else broke while it was taken down.
await chaos().catch((error: unknown) => {
  console.error(inspect(error, { depth: 8 }));
  process.exitCode = 1;
});
