import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setInterval as every } from 'node:timers/promises';
import { environmentWith } from '#base/env.ts';
import { Problem } from '#base/problem.ts';
import { openDevelopmentKeys } from '#embedded/development-keys.ts';

/** A server and worker of the demo's own. */
export interface PrivateServer extends AsyncDisposable {
  readonly url: string;
  /** Speaks for a user and a workspace that the server makes at the first request. */
  readonly token: string;
  /** Aborted when the demo is told to stop, and when the server dies. */
  readonly signal: AbortSignal;
  /** File of what the server says about its own faults. */
  readonly log: string;
}

const root = path.resolve(import.meta.dirname, '../..');
const deadlineMs = 120_000;

/**
 * Starts `src/start.ts` in a process of its own over `home` and waits until it is ready. Throws TIMED_OUT, or
 * INVALID_STATE with what the server said last. It is stopped at the end of the scope; nothing of it stays behind.
 */
export async function openPrivateServer(home: string, stop: AbortSignal): Promise<PrivateServer> {
  await using stack = new AsyncDisposableStack();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const log = path.join(home, 'server.log');
  const child = stack.adopt(await start({ home, port, log }), end);
  const signal = AbortSignal.any([stop, deathOf(child, log)]);
  await untilReady(url, signal);
  const keys = await openDevelopmentKeys({ home, production: false });
  const token = await keys.mint({ user: 'demo', workspace: 'demo', ttlSeconds: 24 * 3600 });
  const kept = stack.move();
  return { url, token, signal, log, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new TypeError('a TCP server has a port');
  return address.port;
}

/** What would lead the server to a database, a storage or an identity that is not its own. */
const outside = [
  'PUBLIC_URL',
  'DATABASE_URL',
  'REDIS_URL',
  'STORAGE_URL',
  'SUPABASE_URL',
  'SUPABASE_SERVICE_ROLE_KEY',
  'CLERK_JWT_KEY',
  'CLERK_JWKS_URL',
  'CLERK_SECRET_KEY',
  'CLERK_WEBHOOK_SIGNING_SECRET',
  'CLERK_JWT_ISSUER',
  'CLERK_AUTHORIZED_PARTIES',
] as const;

/**
 * Database, storage and identity are its own whatever the environment says, for the demo must touch nothing real; models
 * and tools stay as configured. In a process group of its own, because Ctrl+C would reach it too and a second signal
 * ends it before it has put its database away.
 */
async function start({ home, port, log }: { home: string; port: number; log: string }): Promise<ChildProcess> {
  await mkdir(home, { recursive: true });
  await using written = await open(log, 'w');
  const env = environmentWith({
    ...Object.fromEntries(outside.map((word) => [word, ''])),
    OFFPRINT_HOME: home,
    HOST: '127.0.0.1',
    PORT: String(port),
    LOG_LEVEL: 'warn',
    NODE_ENV: 'development',
  });
  const entry = path.join(root, 'src/start.ts');
  const stdio: StdioOptions = ['ignore', 'ignore', written.fd];
  const child = spawn(process.execPath, [entry], { cwd: root, env, detached: true, stdio });
  process.once('exit', () => child.kill());
  return child;
}

/** Aborted when the process ends, with the end of what it wrote to its log. */
function deathOf(child: ChildProcess, log: string): AbortSignal {
  const death = new AbortController();
  child.once('error', (error) => death.abort(error));
  child.once('exit', (code) => {
    const said = readFileSync(log, 'utf8').slice(-4_000).trim();
    const reason = `The private server stopped with exit code ${code}.\n${said}`.trim();
    death.abort(new Problem('INVALID_STATE', { reason }));
  });
  return death.signal;
}

async function untilReady(url: string, signal: AbortSignal): Promise<void> {
  const late = AbortSignal.timeout(deadlineMs);
  try {
    for await (const _ of every(100, undefined, { signal: AbortSignal.any([signal, late]) })) {
      const patience = AbortSignal.any([signal, AbortSignal.timeout(2_000)]);
      const answer = await fetch(`${url}/readyz`, { signal: patience }).catch(() => null);
      if (answer?.ok) return;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw new Problem('TIMED_OUT', { what: 'Starting the private server' }, error);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const patience = setTimeout(() => child.kill('SIGKILL'), 30_000);
  await gone;
  clearTimeout(patience);
}
