import { type Env, envFrom } from '#base/env.ts';
import { type Log, openLog } from '#base/log.ts';
import { Problem } from '#base/problem.ts';

/** What a command needs to open its process. */
export interface Ground {
  readonly env: Env;
  readonly log: Log;
}

/**
 * Runs a process until it is told to stop: opens it, waits for SIGINT or SIGTERM, closes it once. A second signal ends
 * it at once. Faults of the environment are told in one sentence, without a stack.
 */
export async function runProcess(open: (ground: Ground) => Promise<AsyncDisposable>): Promise<void> {
  const stopped = untilStopped();
  try {
    const env = envFrom();
    const log = openLog(env.LOG_LEVEL);
    await using _opened = await open({ env, log });
    log.info({ signal: await stopped }, 'stopping');
  } catch (error) {
    console.error(error instanceof Problem ? error.message : error);
    process.exitCode = 1;
  }
  // Whatever still hangs after everything was closed, such as a wait for a database that is away, ends with us.
  setTimeout(() => process.exit(), lastMs).unref();
}

const lastMs = 1_000;

/** Ctrl+C reaches us twice under npm: from the terminal, and passed on by npm. Only a later signal is impatience. */
const onePressMs = 1_000;

function untilStopped(): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  let toldAt: number | null = null;
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (toldAt !== null && performance.now() - toldAt > onePressMs) process.exit(1);
      toldAt ??= performance.now();
      resolve(name);
    });
  }
  return promise;
}
