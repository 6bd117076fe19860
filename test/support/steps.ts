import { expect, onTestFinished, vi } from 'vitest';
import type { Database, Tx } from '#base/database.ts';

/** A place in the middle of something where it waits until it is let through. */
export interface Gate {
  /** Resolves when somebody stands before it. */
  readonly reached: Promise<void>;
  readonly pass: () => Promise<void>;
  readonly open: () => void;
}

/** What passes the gate waits there, inside its transaction if it is in one; the end of the test opens it. */
export function gate(): Gate {
  const reached = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  const open = () => opened.resolve();
  onTestFinished(open);
  return {
    reached: reached.promise,
    open,
    pass: async () => {
      reached.resolve();
      await opened.promise;
    },
  };
}

/** A transaction that may stand at a gate for as long as a busy machine takes to bring the other one there. */
export const stepped = <T>({ prisma }: Database, body: (tx: Tx) => Promise<T>): Promise<T> =>
  prisma.$transaction(body, { timeout: 60_000, maxWait: 10_000 });

/**
 * Locks rows from a session of its own, so that a transaction that comes to them stops there; gives the way to let it go
 * on. The end of the test lets it go on, too.
 */
export async function lockedRows(
  { pool }: Database,
  select: string,
  values: readonly string[],
): Promise<() => Promise<void>> {
  const client = await pool.connect();
  let released: Promise<void> | undefined;
  const release = () => (released ??= client.query('rollback').then(() => client.release()));
  onTestFinished(release);
  await client.query('begin');
  const { rowCount } = await client.query(`${select} for update`, [...values]);
  expect(rowCount, 'rows to lock').toBeGreaterThan(0);
  return release;
}

/** How many sessions stand before a lock that another one holds. Asked inside a transaction it never changes again. */
export async function blockedSessions({ pool }: Pick<Database, 'pool'>): Promise<number> {
  const { rows } = await pool.query(
    'select 1 from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0',
  );
  return rows.length;
}

/** Waits until so many sessions stand before a lock that another one holds, with a statement that contains these words. */
export const untilWaiting = ({ pool }: Database, words: string, sessions = 1): Promise<void> =>
  vi.waitFor(
    async () => {
      const { rows } = await pool.query<{ query: string }>(
        `select query from pg_stat_activity
         where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0`,
      );
      const waiting = rows.map(({ query }) => query.replaceAll(/\s+/g, ' '));
      const there = waiting.filter((query) => query.includes(words));
      if (there.length < sessions) expect(waiting).toContainEqual(expect.stringContaining(words));
      expect(there.length).toBeGreaterThanOrEqual(sessions);
    },
    { timeout: 15_000, interval: 20 },
  );

/** What came of it: the code of the problem it threw, or `done`. */
export const outcome = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'done',
    (thrown: unknown) => (thrown instanceof Error && 'code' in thrown ? thrown.code : thrown),
  );
