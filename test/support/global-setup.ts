import { createServer, type Server } from 'node:http';
import { Client } from 'pg';
import type { TestProject } from 'vitest/node';
import { openLog } from '#base/log.ts';
import { migrate } from '#embedded/migrations.ts';
import { openPostgres } from '#embedded/postgres.ts';
import { openHome } from './home.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where a test asks for the server of the test databases. */
    ground: string;
  }
}

/** The server of the test databases, and the database they are cloned from. */
interface Ground extends AsyncDisposable {
  readonly url: string;
}

const template = 'template_offprint';

/** Starts PostgreSQL for the first test that asks (2 s); a run of pure tests never does. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let ground: Promise<Ground> | undefined;
  const door = createServer((_request, response) => {
    ground ??= openGround();
    ground.then(
      ({ url }) => response.end(JSON.stringify({ url, template })),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  project.provide('ground', `http://127.0.0.1:${await listen(door)}`);
  return async () => {
    door.close();
    door.closeAllConnections();
    await (await ground)?.[Symbol.asyncDispose]();
  };
}

async function openGround(): Promise<Ground> {
  const home = await openHome();
  const log = openLog('warn');
  // Speed instead of safety: what is lost in a crash of the machine is a test run.
  const unsafe = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];
  const postgres = await openPostgres({ home: home.path, DATABASE_URL: undefined }, log, unsafe);
  await makeTemplate(postgres.url);
  return {
    url: postgres.url,
    [Symbol.asyncDispose]: async () => {
      const left = await leftovers(postgres.url);
      await postgres[Symbol.asyncDispose]();
      await home[Symbol.asyncDispose]();
      if (left.length > 0) throw new Error(`Tests left databases behind: ${left.join(', ')}`);
    },
  };

  async function makeTemplate(url: string): Promise<void> {
    await query(url, `create database ${template}`);
    const own = new URL(url);
    own.pathname = `/${template}`;
    await migrate(own.href, log);
    await query(url, `alter database ${template} is_template true allow_connections false`);
  }
}

const leftovers = (url: string): Promise<string[]> =>
  query(url, `select datname from pg_database where not datistemplate and datname <> 'postgres'`);

async function query(url: string, sql: string): Promise<string[]> {
  const client = new Client(url);
  await client.connect();
  try {
    const { rows } = await client.query<{ datname: string }>(sql);
    return rows.map((row) => row.datname);
  } finally {
    await client.end();
  }
}

const listen = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address && typeof address === 'object') resolve(address.port);
    });
  });
