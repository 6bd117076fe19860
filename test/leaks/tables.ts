import type { Database } from '#base/database.ts';

/** What every table holds at a moment. */
export interface Snapshot {
  /** Digest by table, `schema.table`. */
  readonly digests: Readonly<Record<string, string>>;
}

/** Work that was asked for counts as much as rows. */
const queue = 'graphile_worker._private_jobs';

/** The product's own tables, and the queue. */
async function tablesOf({ pool }: Database): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(`
    select format('public.%I', table_name) as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> '_prisma_migrations' order by 1`);
  return [...rows.map(({ name }) => name), queue];
}

/** Digests of all tables, each over all columns of all rows. */
export async function snapshot(database: Database): Promise<Snapshot> {
  const parts = (await tablesOf(database)).map(
    (name) =>
      `select '${name}' as name, md5(coalesce(string_agg(t::text, '\n' order by t::text), '')) as digest from ${name} t`,
  );
  const { rows } = await database.pool.query<{ name: string; digest: string }>(parts.join(' union all '));
  return { digests: Object.fromEntries(rows.map(({ name, digest }) => [name, digest])) };
}

/** Keeps a copy of every table, which `restore` brings back in one transaction. */
export async function keepCopy(database: Database): Promise<() => Promise<void>> {
  const tables = await tablesOf(database);
  const copyOf = (name: string) => `kept."${name}"`;
  await database.pool.query(
    ['create schema kept', ...tables.map((name) => `create table ${copyOf(name)} as table ${name}`)].join(';'),
  );
  // As a replica no foreign key and no trigger fires, so that the order of tables does not matter.
  const restoring = [
    'begin',
    "set local session_replication_role = 'replica'",
    ...tables.map((name) => `delete from ${name}`),
    ...(await Promise.all(tables.map(async (name) => insertBack(name, copyOf(name), await columnsOf(database, name))))),
    'commit',
  ].join(';');
  return async () => {
    await database.pool.query(restoring);
  };
}

const insertBack = (name: string, copy: string, columns: string): string =>
  `insert into ${name} (${columns}) overriding system value select ${columns} from ${copy}`;

/** A generated column cannot be written. */
async function columnsOf({ pool }: Database, name: string): Promise<string> {
  const { rows } = await pool.query<{ columns: string }>(
    `select string_agg(quote_ident(attname), ', ') as columns from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
    [name],
  );
  return rows[0]?.columns ?? '';
}

/** Columns, as `table.column`, that are null or empty in every row of the product's tables. */
export async function emptyColumns({ pool }: Database): Promise<string[]> {
  const { rows } = await pool.query<{ table: string; column: string }>(`
    select table_name as table, column_name as column from information_schema.columns
    where table_schema = 'public' and table_name <> '_prisma_migrations'`);
  const empty: string[] = [];
  for (const { table, column } of rows) {
    const found = await pool.query(`select 1 from "${table}" where "${column}" is not null limit 1`);
    if (found.rowCount === 0) empty.push(`${table}.${column}`);
  }
  return empty;
}
