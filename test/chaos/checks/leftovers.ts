import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { processesNaming } from '../../support/processes.ts';
import type { Check } from './check.ts';

/** No program runs for nobody, and no folder is left of work that has ended. */
export const checkLeftovers: Check = async ({ home, workDir, fleet }) => {
  const programs = (await processesNaming(home)).filter((line) => /ffmpeg|ffprobe/.test(line));
  const living = new Set(fleet.workers.map(({ workerId }) => workerId));
  const folders = await readdir(workDir).catch(() => []);
  const inside = await readdir(workDir, { recursive: true }).catch(() => []);
  const stages = inside.filter((name) => path.basename(name).startsWith('offprint-'));
  return [
    ...programs.map((line) => ({ kind: 'broken' as const, detail: `still runs: ${line.trim().slice(0, 200)}` })),
    ...folders
      .filter((name) => !living.has(name))
      .map((name) => ({ kind: 'broken' as const, detail: `folder ${name} of a dead worker` })),
    ...stages.map((name) => ({ kind: 'broken' as const, detail: `folder ${name} of a stage` })),
  ];
};
