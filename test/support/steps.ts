import { expect, vi } from 'vitest';
import type { Database } from '#base/database.ts';

/** A place in the middle of something where it waits until it is let through. */
export interface Gate {
  /** Resolves when somebody stands before it. */
  readonly reached: Promise<void>;
  readonly pass: () => Promise<void>;
  readonly open: () => void;
}

/** Steps of a permutation: what passes the gate waits there, inside its transaction if it is in one. */
export function gate(): Gate {
  const reached = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  return {
    reached: reached.promise,
    open: () => opened.resolve(),
    pass: async () => {
      reached.resolve();
      await opened.promise;
    },
  };
}

/** Locks rows from a session of its own, so that a transaction that comes to them stops there; gives the way to let it go on. */
export async function lockedRows({ pool }: Database, select: string, values: readonly string[]) {
  const client = await pool.connect();
  await client.query('begin');
  const { rowCount } = await client.query(`${select} for update`, [...values]);
  expect(rowCount, 'rows to lock').toBeGreaterThan(0);
  return async () => {
    await client.query('rollback');
    client.release();
  };
}

/** Waits until a session stands before a lock that another one holds, with a statement that contains these words. */
export const untilWaiting = ({ pool }: Database, words: string): Promise<void> =>
  vi.waitFor(
    async () => {
      const { rows } = await pool.query<{ query: string }>(
        `select query from pg_stat_activity
         where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0`,
      );
      const waiting = rows.map(({ query }) => query.replaceAll(/\s+/g, ' '));
      expect(waiting).toContainEqual(expect.stringContaining(words));
    },
    { timeout: 15_000, interval: 20 },
  );

/** What came of it: the code of the problem it threw, or `done`. */
export const outcome = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'done',
    (thrown: unknown) => (thrown instanceof Error && 'code' in thrown ? thrown.code : thrown),
  );
