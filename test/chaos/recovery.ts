import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { Database } from '#base/database.ts';

/** A stage run that lost its worker, and when another one had it. */
interface Recovery {
  readonly stageRunId: string;
  /** `blackout`: no other worker was left, then or while it waited, so that somebody had to start one first. */
  cause: 'kill' | 'pause' | 'blackout';
  readonly lostAt: number;
  /** When it had left the hands of the lost worker. */
  missedAt: number | null;
  /** When it ran elsewhere, or was final. */
  recoveredAt: number | null;
}

/** Measures how long stages of lost workers lie idle. */
export interface RecoveryWatch extends AsyncDisposable {
  readonly recoveries: readonly Recovery[];
  /** A worker is lost since `at`: notes what it had in hand. Returns how many stages. */
  lost(workerId: string, at: number, cause: Recovery['cause']): Promise<number>;
}

const everyMs = 200;

/** Looks five times a second; a database that does not answer only makes a figure larger. */
export function openRecoveryWatch(database: Database): RecoveryWatch {
  const recoveries: (Recovery & { readonly workerId: string })[] = [];
  const closing = new AbortController();
  const watching = watch();
  return {
    recoveries,
    lost: async (workerId, at, cause) => {
      if (cause === 'blackout') {
        for (const waiting of recoveries) if (waiting.recoveredAt === null) waiting.cause = 'blackout';
      }
      const ids = await heldBy(database, workerId);
      for (const stageRunId of ids) {
        recoveries.push({ stageRunId, workerId, cause, lostAt: at, missedAt: null, recoveredAt: null });
      }
      return ids.length;
    },
    [Symbol.asyncDispose]: async () => {
      closing.abort();
      await watching;
    },
  };

  async function watch(): Promise<void> {
    while (!closing.signal.aborted) {
      await look().catch(() => {});
      await wait(everyMs, undefined, { signal: closing.signal }).catch(() => {});
    }
  }

  async function look(): Promise<void> {
    const open = recoveries.filter(({ recoveredAt }) => recoveredAt === null);
    if (open.length === 0) return;
    const states = await statesOf(
      database,
      open.map(({ stageRunId }) => stageRunId),
    );
    const now = Date.now();
    for (const recovery of open) {
      const state = states.get(recovery.stageRunId);
      const held = state?.status === 'RUNNING' && state.workerId === recovery.workerId;
      if (held) continue;
      recovery.missedAt ??= now;
      if (!state || !['QUEUED', 'WAITING'].includes(state.status)) recovery.recoveredAt = now;
    }
  }
}

const rows = z.array(z.object({ id: z.string(), status: z.string(), workerId: z.string().nullable() }));

async function statesOf(database: Database, ids: readonly string[]) {
  const { rows: found } = await database.pool.query(
    'select id::text, status::text, worker_id as "workerId" from stage_runs where id = any($1::uuid[])',
    [ids],
  );
  return new Map(rows.parse(found).map((row) => [row.id, row]));
}

/** What a worker has in hand; asked until the database answers. */
async function heldBy(database: Database, workerId: string): Promise<string[]> {
  for (;;) {
    try {
      const { rows: found } = await database.pool.query(
        `select id::text, status::text, worker_id as "workerId" from stage_runs where worker_id = $1 and status = 'RUNNING'`,
        [workerId],
      );
      return rows.parse(found).map(({ id }) => id);
    } catch {
      await wait(everyMs);
    }
  }
}
