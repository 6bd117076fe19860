import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

/** An API in a process of its own, for tests of how it begins and ends. */
export interface SpawnedServer extends AsyncDisposable {
  readonly process: ChildProcess;
  /** Where it listens; rejects when it ends before it does. */
  readonly url: Promise<string>;
  /** Waits for the end: the exit code or the signal, and all that was said on stderr. */
  ended(): Promise<{ code: number | NodeJS.Signals | null; said: string }>;
}

/** Starts `node src/server.ts` on a free port unless told otherwise, with these words of the environment and no others. */
export function spawnServer(env: Readonly<Record<string, string>>): SpawnedServer {
  const child = spawn(process.execPath, [path.resolve('src/server.ts')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env.PATH, NODE_ENV: 'test', PORT: '0', ...env },
  });
  let said = '';
  const listening = Promise.withResolvers<string>();
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
    const at = /"at":"([^"]+)","msg":"API listens"/.exec(said)?.[1];
    if (at) listening.resolve(at);
  });
  const closed = once(child, 'close');
  void closed.then(() => listening.reject(new Error(`the API ended before it listened:\n${said}`)));
  listening.promise.catch(() => {});
  const ended = async () => {
    await closed;
    return { code: child.exitCode ?? child.signalCode, said };
  };
  return {
    process: child,
    url: listening.promise,
    ended,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await closed;
    },
  };
}
