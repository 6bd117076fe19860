import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Client } from 'pg';
import { expect, test } from 'vitest';
import { openLog } from '#base/log.ts';
import { openFolder } from '#base/temp.ts';
import { migrationsFolder, writeMigration } from '#embedded/migration-files.ts';
import { migrate, migrationStatus, missingMigration } from '#embedded/migrations.ts';
import { openEmptyDatabase, openTestDatabase } from '../support/database.ts';

const log = openLog('silent');

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

test('processes that migrate at once apply each migration once', async () => {
  await using database = await openEmptyDatabase();
  await Promise.all([migrate(database.url, log), migrate(database.url, log), migrate(database.url, log)]);
  const rows = await ask(database.url, 'select migration_name as name from _prisma_migrations order by 1');
  expect(rows).toEqual((await migrationNames()).map((name) => ({ name })));
  expect(await ask(database.url, `select count(*)::int from graphile_worker.jobs`)).toEqual([{ count: 0 }]);
});

test('a migration is recorded as the command line of Prisma records it', async () => {
  await using database = await openTestDatabase();
  const [name] = await migrationNames();
  const sql = await readFile(path.join(migrationsFolder, String(name), 'migration.sql'));
  const [row] = await ask(database.url, `select * from _prisma_migrations where migration_name = '${name}'`);
  expect(row).toMatchObject({
    checksum: createHash('sha256').update(sql).digest('hex'),
    finished_at: expect.any(Date),
    rolled_back_at: null,
    applied_steps_count: 1,
  });
});

test('a migrated database lacks nothing, also with the tables of the queue beside ours', async () => {
  await using database = await openTestDatabase();
  expect(await migrationStatus(database.url)).toEqual({
    editedMigrationNames: [],
    failedMigrationNames: [],
    hasMigrationsTable: true,
    history: null,
  });
});

test('the migrations make what schema.prisma says', async () => {
  await using database = await openTestDatabase();
  expect(await missingMigration(database.url)).toBeUndefined();
});

test('what the migrations lack is found without touching the database', async () => {
  await using database = await openEmptyDatabase();
  await using folder = await openFolder();
  expect(await missingMigration(database.url, folder.path)).toContain('CREATE TABLE "workspaces"');
  expect(await ask(database.url, `select 1 from pg_tables where schemaname = 'public'`)).toEqual([]);
  expect(await ask(database.url, `select 1 from pg_database where datname like 'shadow%'`)).toEqual([]);
});

test('a migration with a function body and with semicolons in comments is applied whole', async () => {
  await using database = await openEmptyDatabase();
  await using folder = await openFolder();
  await writeMigration('body', whole, folder.path);
  await migrate(database.url, log, folder.path);
  expect(await ask(database.url, 'select twice(21)')).toEqual([{ twice: 42 }]);
});

const whole = `-- first; second
create function twice(n int) returns int language plpgsql as $$
begin
  n := n * 2;
  return n;
end $$;`;

test('a migration that fails leaves nothing behind and is named with the words of the database', async () => {
  await using database = await openEmptyDatabase();
  await using folder = await openFolder();
  const name = await writeMigration('wrong', 'create table a (x int);\ncreate table b (y nonsense);', folder.path);
  await expect(migrate(database.url, log, folder.path)).rejects.toMatchObject({
    code: 'MIGRATION_FAILED',
    facts: { reason: `${name}: ERROR: type "nonsense" does not exist` },
  });
  expect(await ask(database.url, `select 1 from pg_tables where tablename = 'a'`)).toEqual([]);
  await expect(migrate(database.url, log, folder.path)).rejects.toThrow(name);
});

test('a migration that was changed after it was applied is noticed', async () => {
  await using database = await openEmptyDatabase();
  await using folder = await openFolder();
  const name = await writeMigration('first', 'create table a (x int);', folder.path);
  await migrate(database.url, log, folder.path);
  await writeFile(folder.file(`${name}/migration.sql`), 'create table a (x text);');
  expect(await migrationStatus(database.url, folder.path)).toMatchObject({ editedMigrationNames: [name] });
});

test('a database that does not answer is unavailable, not failed', async () => {
  const nobody = 'postgresql://postgres@127.0.0.1:9/postgres';
  await expect(migrate(nobody, log)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
});

async function migrationNames(): Promise<string[]> {
  const entries = await readdir(migrationsFolder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}
