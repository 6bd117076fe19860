import { chmod } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type Env, envFrom } from '#base/env.ts';
import { openLog } from '#base/log.ts';
import { Problem } from '#base/problem.ts';
import { openFolder } from '#base/temp.ts';
import { writeMigration } from '#embedded/migration-files.ts';
import { migrate, migrationStatus, missingMigration } from '#embedded/migrations.ts';
import { openPostgres, type Postgres } from '#embedded/postgres.ts';

const usage = `Usage: npm run migrate -- <command>

  deploy        apply the migrations to DATABASE_URL, or to the embedded database
  status        say what that database has and lacks
  create NAME   write the migration from the present ones to prisma/schema.prisma
  check         exit 1 when the migrations and prisma/schema.prisma differ

create and check work in databases made for it, beside DATABASE_URL or in an embedded server that is thrown away.`;

const env = envFrom();
const log = openLog(env.LOG_LEVEL);
const commands = { deploy, status, create, check };

try {
  const { positionals } = parseArgs({ allowPositionals: true, strict: false });
  const [command = '', ...rest] = positionals;
  if (!isCommand(command) || rest.length !== commands[command].length)
    throw new Problem('INVALID_INPUT', { reason: usage });
  await commands[command](rest[0] ?? '');
} catch (error) {
  console.error(error instanceof Problem ? error.message : error);
  process.exitCode = 1;
}

function isCommand(word: string): word is keyof typeof commands {
  return Object.hasOwn(commands, word);
}

async function deploy(): Promise<void> {
  await using postgres = await openPostgres(env, log);
  await migrate(postgres.url, log);
}

async function status(): Promise<void> {
  await using postgres = await openPostgres(env, log);
  console.log(JSON.stringify(await migrationStatus(postgres.url), null, 2));
}

async function create(name: string): Promise<void> {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) {
    throw new Problem('INVALID_INPUT', { reason: 'NAME has small letters, digits and _, such as add_speakers.' });
  }
  await using postgres = await openScratch();
  const sql = await missingMigration(postgres.url);
  console.log(sql === undefined ? 'The migrations agree with the schema.' : await writeMigration(name, sql));
}

async function check(): Promise<void> {
  await using postgres = await openScratch();
  const sql = await missingMigration(postgres.url);
  if (sql === undefined) return;
  console.error(`The migrations lack this of prisma/schema.prisma (npm run migrate -- create NAME):\n\n${sql}`);
  process.exitCode = 1;
}

/** DATABASE_URL, else a server in a temporary home that is gone afterwards. */
async function openScratch(): Promise<Postgres> {
  const folder = await openFolder();
  await chmod(folder.path, 0o711);
  const scratch: Pick<Env, 'DATABASE_URL' | 'home'> = { DATABASE_URL: env.DATABASE_URL, home: folder.path };
  const postgres = await openPostgres(scratch, log, ['fsync=off']);
  return {
    url: postgres.url,
    [Symbol.asyncDispose]: async () => {
      await postgres[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}
