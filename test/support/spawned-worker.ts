import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import type { House } from './house.ts';
import { ended, printed } from './processes.ts';

/** A worker in a process of its own, for tests that end it from outside. */
export interface SpawnedWorker extends AsyncDisposable {
  readonly process: ChildProcess;
  /** Sends a signal and waits for the end; gives the exit code, or the signal that killed it. */
  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null>;
}

/** Starts `node src/worker.ts` on the house's database and waits until it waits for jobs. */
export async function spawnWorker(house: House, env: Readonly<Record<string, string>> = {}): Promise<SpawnedWorker> {
  const child = spawn(process.execPath, [path.resolve('src/worker.ts')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      PATH: process.env.PATH,
      FFMPEG_PATH: process.env.FFMPEG_PATH,
      FFPROBE_PATH: process.env.FFPROBE_PATH,
      NODE_ENV: 'test',
      DATABASE_URL: house.database.url,
      OFFPRINT_HOME: house.home,
      WORK_DIR: path.join(house.home, 'work'),
      STORAGE_URL: house.url,
      RETRY_BASE_MS: '50',
      ...env,
    },
  });
  await printed(child, 'worker waits for jobs');
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    return ended(child);
  };
  return { process: child, end, [Symbol.asyncDispose]: async () => void (await end('SIGKILL')) };
}
