import type { Database } from '#base/database.ts';

/** How many jobs wait or run. */
export async function jobCount({ pool }: Database): Promise<number> {
  const { rows } = await pool.query<{ jobs: number }>('select count(*)::int as jobs from graphile_worker.jobs');
  return rows[0]?.jobs ?? 0;
}

/** From now on a transaction that inserts into the table fails in its very COMMIT, after everything it wrote. */
export async function failCommits({ pool }: Database, table: string): Promise<AsyncDisposable> {
  await pool.query(`
    create function fail_commit() returns trigger language plpgsql as $$ begin raise 'the commit fails'; end $$;
    create constraint trigger fail_commit after insert on ${table}
      deferrable initially deferred for each row execute function fail_commit()`);
  return {
    [Symbol.asyncDispose]: async () => {
      await pool.query('drop function fail_commit cascade');
    },
  };
}
