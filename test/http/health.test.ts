import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { envFrom } from '#base/env.ts';
import { openLog } from '#base/log.ts';
import { openServer } from '#server.ts';
import { openTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { openHome } from '../support/home.ts';
import { spawnServer } from '../support/spawned-server.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let home: Awaited<ReturnType<typeof openHome>>;
let ground: { DATABASE_URL: string; OFFPRINT_HOME: string };

beforeAll(async () => {
  database = await openTestDatabase();
  home = await openHome();
  ground = { DATABASE_URL: database.url, OFFPRINT_HOME: home.path };
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await home[Symbol.asyncDispose]();
});

const look = async (url: string) => {
  const answer = await fetch(url, { headers: { connection: 'close' } });
  return `${answer.status} ${await answer.text()}`;
};

describe('a running API', () => {
  test('is live and ready; told to stop it says so before it closes, and ends well', async () => {
    await using server = spawnServer({ ...ground, DRAIN_MS: '1500' });
    const url = await server.url;
    expect(await look(`${url}/livez`)).toBe('200 ok\n');
    expect(await look(`${url}/readyz?verbose`)).toBe('200 ok\n');
    server.process.kill('SIGTERM');
    await eventually(async () => expect(await look(`${url}/readyz`)).toBe('503 draining\n'));
    expect(await look(`${url}/livez`)).toBe('200 ok\n');
    const { code, said } = await server.ended();
    expect(code).toBe(0);
    expect(said).toContain('"signal":"SIGTERM"');
  });

  test('is live but not ready while the database has not what it needs', async () => {
    await using server = await openServer({
      env: envFrom({ NODE_ENV: 'test', PORT: '0', ...ground }),
      log: openLog('silent'),
    });
    await database.pool.query('alter table runs rename to runs_away');
    expect(await look(`${server.url}/readyz`)).toBe('503 database\n');
    expect(await look(`${server.url}/livez`)).toBe('200 ok\n');
    await database.pool.query('alter table runs_away rename to runs');
    expect(await look(`${server.url}/readyz`)).toBe('200 ok\n');
  });
});

describe('an API that cannot begin', () => {
  test('says that its port is taken, in one sentence', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    await using server = spawnServer({ ...ground, PORT: `${port}` });
    const { code, said } = await server.ended();
    other.close();
    expect(code).toBe(1);
    expect(said).toContain(`Port ${port} is already in use; set PORT to a free one.`);
    expect(said).not.toContain('    at ');
  });

  test('names each unknown word of the environment with what is allowed', async () => {
    await using server = spawnServer({ ...ground, SPEECH_TO_TEXT: 'telepathy', LOG_LEVEL: 'loud' });
    const { code, said } = await server.ended();
    expect(code).toBe(1);
    expect(said).toMatch(/SPEECH_TO_TEXT: .*auto.*captions.*openai.*whisper/);
    expect(said).toMatch(/LOG_LEVEL: .*trace.*silent/);
    expect(said).not.toContain('    at ');
  });

  test('refuses production without an identity provider', async () => {
    await using server = spawnServer({ ...ground, NODE_ENV: 'production', STORAGE_SECRET: 'x'.repeat(32) });
    const { code, said } = await server.ended();
    expect(code).toBe(1);
    expect(said).toContain('CLERK_JWT_KEY: required in production');
    expect(said).toContain('CLERK_AUTHORIZED_PARTIES: required in production');
  });

  test('lets go of its port and the database when it fails halfway', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const address = free.address();
    const PORT = `${address !== null && typeof address === 'object' ? address.port : 0}`;
    free.close();
    await once(free, 'close');
    const env = { NODE_ENV: 'test', PORT, ...ground };
    const broken = envFrom({ ...env, CLERK_JWT_KEY: 'no key', CLERK_JWT_ISSUER: 'https://clerk.example.com' });
    await expect(openServer({ env: broken, log: openLog('silent') })).rejects.toThrow('CLERK');
    await using server = await openServer({ env: envFrom(env), log: openLog('silent') });
    expect(await look(`${server.url}/readyz`)).toBe('200 ok\n');
  });
});
