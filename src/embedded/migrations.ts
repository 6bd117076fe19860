import type { DiagnoseMigrationHistoryOutput, DiffTarget, SchemaFilter } from '@prisma/schema-engine-wasm';
import { runMigrations } from 'graphile-worker';
import { Client } from 'pg';
import type { Log } from '#base/log.ts';
import { Problem } from '#base/problem.ts';
import { readMigrations, readSchema } from './migration-files.ts';
import { openSchemaEngine } from './schema-engine.ts';

const everything: SchemaFilter = { externalTables: [], externalEnums: [] };
const migrationLock = 0x0ff_9418;

/**
 * Brings a database to the present schema: our migrations, then those of the queue. Does nothing when they are applied;
 * processes that start together take turns. Throws MIGRATION_FAILED with the migration's name and the database's words.
 */
export async function migrate(url: string, log: Log, folder?: string): Promise<void> {
  await using _turn = await takeTurn(url);
  const applied = await applyMigrations(url, folder);
  for (const migration of applied) log.info({ migration }, 'Migration applied');
  await migrateQueue(url);
}

/** What the database has and lacks of the migrations. */
export async function migrationStatus(url: string, folder?: string): Promise<DiagnoseMigrationHistoryOutput> {
  await using opened = await openSchemaEngine(url);
  const migrationsList = await readMigrations(folder);
  const input = { migrationsList, optInToShadowDatabase: false, filters: everything };
  return await opened.ask((engine) => engine.diagnoseMigrationHistory(input));
}

/** The SQL from the migrations to schema.prisma, or nothing when they agree. Works in a database made for it beside `url`. */
export async function missingMigration(url: string, folder?: string): Promise<string | undefined> {
  await using opened = await openSchemaEngine(url);
  const from: DiffTarget = { tag: 'migrations', ...(await readMigrations(folder)) };
  const to: DiffTarget = { tag: 'schemaDatamodel', files: [await readSchema()] };
  const input = { from, to, script: true, exitCode: true, filters: everything };
  const { exitCode, stdout } = await opened.ask((engine) => engine.diff(input));
  return exitCode === 0 ? undefined : (stdout ?? '');
}

/** A session's lock: freed by its end, however it ends. The engine's own waits no more than 10 seconds. */
async function takeTurn(url: string): Promise<AsyncDisposable> {
  const client = new Client({ connectionString: url, application_name: 'offprint migrations' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select pg_advisory_lock($1)', [migrationLock]);
  } catch (error) {
    throw new Problem('DATABASE_UNAVAILABLE', { reason: messageOf(error) }, error);
  }
  return { [Symbol.asyncDispose]: () => client.end() };
}

async function applyMigrations(url: string, folder?: string): Promise<string[]> {
  await using opened = await openSchemaEngine(url);
  try {
    const migrationsList = await readMigrations(folder);
    const input = { migrationsList, filters: everything };
    return (await opened.ask((engine) => engine.applyMigrations(input))).appliedMigrationNames;
  } catch (error) {
    throw new Problem('MIGRATION_FAILED', { reason: messageOf(error) }, error);
  }
}

async function migrateQueue(url: string): Promise<void> {
  try {
    await runMigrations({ connectionString: url });
  } catch (error) {
    throw new Problem('MIGRATION_FAILED', { reason: `the queue's own tables: ${messageOf(error)}` }, error);
  }
}

/** The words of the database and the migration's name, out of the engine's report with its Rust frames. */
function messageOf(error: unknown): string {
  const report = error instanceof Error ? error.message : String(error);
  const migration = /migration_name="([^"]+)"/.exec(report)?.[1];
  const words = report
    .replace(/\n\s+0: [^]*$/, '')
    .replace(/^external connector error\s*|^Error querying the database: /gim, '');
  return migration === undefined ? words.trim() : `${migration}: ${words.trim()}`;
}
