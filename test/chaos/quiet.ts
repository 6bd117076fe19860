import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { Database } from '#base/database.ts';
import { envFrom } from '#base/env.ts';
import { openLog } from '#base/log.ts';
import { sweep } from '#retention/sweep.ts';
import type { StorageGate } from './storage-gate.ts';

const counted = z.array(z.object({ count: z.int() }));

/**
 * Waits until nothing is left to do: jobs leave the queue just after the commit of their work, and the bytes of what was
 * deleted in the middle of a run are looked for once more half a minute later. Gives up after `patienceMs`.
 */
export async function untilQuiet({ pool }: Database, patienceMs: number): Promise<void> {
  const until = performance.now() + patienceMs;
  while (performance.now() < until) {
    const { rows } = await pool.query('select count(*)::int as count from graphile_worker._private_jobs');
    if (counted.parse(rows)[0]?.count === 0) return;
    await wait(250);
  }
}

/** Removes at once what no row names: what attempts have put there that never committed. Gives how many objects. */
export async function sweepOrphans(database: Database, { storage }: StorageGate): Promise<number> {
  const runtime = { env: envFrom({ NODE_ENV: 'test' }), log: openLog('error'), database, storage };
  const gone = await sweep(runtime, { classes: ['orphans'], orphanGraceMs: 0 });
  return gone.orphans ?? 0;
}
