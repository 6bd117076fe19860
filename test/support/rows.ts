import type { Database } from '#base/database.ts';

/** Every column of the product's tables that holds ids, as `table.column`, with how many of its rows hold one of these. */
export async function columnsNaming({ pool }: Database, ids: readonly string[]): Promise<Record<string, number>> {
  const columns = await pool.query<{ table: string; column: string }>(`
    select table_name as table, column_name as column from information_schema.columns
    where table_schema = 'public' and udt_name = 'uuid'`);
  const naming: Record<string, number> = {};
  for (const { table, column } of columns.rows) {
    const { rows } = await pool.query<{ count: number }>(
      `select count(*)::int as count from "${table}" where "${column}" = any($1::uuid[])`,
      [ids],
    );
    if (rows[0]?.count) naming[`${table}.${column}`] = rows[0].count;
  }
  return naming;
}

/** How many rows each table has. */
export async function rowCounts({ pool }: Database): Promise<ReadonlyMap<string, number>> {
  const tables = await pool.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  const counts = new Map<string, number>();
  for (const { name } of tables.rows) {
    const { rows } = await pool.query<{ count: number }>(`select count(*)::int as count from "${name}"`);
    counts.set(name, rows[0]?.count ?? 0);
  }
  return counts;
}

/** The ids of everything below an upload. */
export async function idsBelow({ pool }: Database, uploadId: string): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `select $1::uuid as id
     union select id from runs where upload_id = $1
     union select s.id from stage_runs s join runs r on r.id = s.run_id where r.upload_id = $1
     union select id from artifacts where upload_id = $1
     union select id from transcripts where upload_id = $1
     union select id from highlights where upload_id = $1
     union select id from clips where upload_id = $1
     union select x.id from renditions x join clips c on c.id = x.clip_id where c.upload_id = $1
     union select id from contents where upload_id = $1
     union select id from model_calls where upload_id = $1`,
    [uploadId],
  );
  return rows.map(({ id }) => id);
}
