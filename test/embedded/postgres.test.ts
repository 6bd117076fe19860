import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readdir, readFile, realpath, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLog } from '#base/log.ts';
import type { Folder } from '#base/temp.ts';
import { openPostgres, type Postgres } from '#embedded/postgres.ts';
import { eventually } from '../support/eventually.ts';
import { openHome } from '../support/home.ts';

let home: Folder;
beforeAll(async () => {
  home = await openHome();
});
afterAll(() => home[Symbol.asyncDispose]());

const open = (folder = home.path): Promise<Postgres> =>
  openPostgres({ home: folder, DATABASE_URL: undefined }, openLog('silent'), ['fsync=off']);

async function ask<T>(url: string, sql: string): Promise<T | undefined> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query<{ answer: T }>(`select ${sql} as answer`)).rows[0]?.answer;
  } finally {
    await client.end();
  }
}

test('processes that open a new home at once share one server, and the last to leave stops it', async () => {
  const [one, other] = await Promise.all([open(), open()]);
  expect(other.url).toBe(one.url);
  expect(await readdir(home.path)).toEqual(['postgres']);
  await one[Symbol.asyncDispose]();
  expect(await ask(other.url, '1')).toBe(1);
  await other[Symbol.asyncDispose]();
  await expect(ask(other.url, '1')).rejects.toThrow('ECONNREFUSED');
});

test('it is PostgreSQL 18 with room for 200 connections, on this machine only, behind a password of its own', async () => {
  await using postgres = await open();
  expect(await ask(postgres.url, `current_setting('server_version_num')::int / 10000`)).toBe(18);
  expect(await ask(postgres.url, `current_setting('max_connections')`)).toBe('200');
  expect(await ask(postgres.url, `current_setting('listen_addresses')`)).toBe('127.0.0.1');
  expect(await ask(postgres.url, `current_setting('unix_socket_directories')`)).toBe('');
  const password = home.file('postgres/password');
  expect((await stat(password)).mode & 0o777).toBe(0o600);
  expect(new URL(postgres.url).password).toBe(await readFile(password, 'utf8'));
  await expect(ask(postgres.url.replace(/:[^:@]+@/, ':guess@'), '1')).rejects.toThrow('password authentication failed');
});

test('the server of a process that was killed is joined by the next, with all it held', async () => {
  const { child, url } = await hold(home.path);
  await ask(url, 'lo_create(4711)');
  child.kill('SIGKILL');
  await once(child, 'exit');
  await using postgres = await open();
  expect(postgres.url).toBe(url);
  expect(await ask(url, 'exists (select from pg_largeobject_metadata where oid = 4711)')).toBe(true);
});

test('a server that was killed is started again', async () => {
  const before = await open();
  const [pid] = (await readFile(home.file('postgres/data/postmaster.pid'), 'utf8')).split('\n');
  process.kill(Number(pid), 'SIGKILL');
  await eventually(() => expect(ask(before.url, '1')).rejects.toThrow('ECONNREFUSED'));
  await using after = await open();
  expect(await ask(after.url, '1')).toBe(1);
  await before[Symbol.asyncDispose]();
});

test('a pid that was left behind and belongs to another process by now does not hinder the start', async () => {
  await (await open())[Symbol.asyncDispose]();
  const pidFile = home.file('postgres/data/postmaster.pid');
  const data = await realpath(home.file('postgres/data'));
  await writeFile(pidFile, [process.pid, data, 1_700_000_000, 9, '', '127.0.0.1', '', 'ready', ''].join('\n'));
  await utimes(pidFile, 1_700_000_000, 1_700_000_000);
  await using postgres = await open();
  expect(await ask(postgres.url, '1')).toBe(1);
});

test('nothing is printed on stdout but what the process itself says', async () => {
  const { child, lines } = await hold(home.path);
  child.stdin?.end();
  await once(child, 'close');
  expect(lines).toHaveLength(1);
});

test('a home that only its owner can enter has a database too', async () => {
  await using closed = await openHome();
  await chmod(closed.path, 0o700);
  expect(await placeOfUse(closed.path)).toMatch(process.getuid?.() === 0 ? '/var/tmp/' : closed.path);
});

test('a database that was cleaned away is made anew', async () => {
  await using closed = await openHome();
  await chmod(closed.path, 0o700);
  const first = await placeOfUse(closed.path);
  expect(path.dirname(await placeOfUse(closed.path))).toBe(path.dirname(first));
});

/** Uses the database of a home once, then deletes it where it lies. Returns that place. */
async function placeOfUse(folder: string): Promise<string> {
  const postgres = await open(folder);
  expect(await ask(postgres.url, '1')).toBe(1);
  await postgres[Symbol.asyncDispose]();
  const place = await realpath(path.join(folder, 'postgres'));
  expect((await stat(place)).mode & 0o777).toBe(0o700);
  await rm(place, { recursive: true });
  return place;
}

test('data that the server cannot read is refused with its own words', async () => {
  const version = home.file('postgres/data/PG_VERSION');
  await writeFile(version, '17\n');
  await expect(open()).rejects.toMatchObject({
    code: 'DATABASE_UNAVAILABLE',
    message: expect.stringContaining('database files are incompatible with server'),
  });
  await writeFile(version, '18\n');
});

test('a database of one’s own is used as it is', async () => {
  const url = 'postgresql://somebody@db.example.com/offprint';
  await using postgres = await openPostgres(
    { home: path.join(home.path, 'none'), DATABASE_URL: url },
    openLog('silent'),
  );
  expect(postgres.url).toBe(url);
  expect(await readdir(home.path)).toEqual(['postgres']);
});

async function hold(folder: string): Promise<{ child: ChildProcess; url: string; lines: string[] }> {
  const script = path.resolve(import.meta.dirname, '../support/hold-postgres.ts');
  const child = spawn(process.execPath, [script, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const reader = createInterface(child.stdout).on('line', (line) => lines.push(line));
  await once(reader, 'line');
  return { child, url: lines[0] ?? '', lines };
}
