import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type LogLine, type Spawned, type Spawning, spawnProgram } from './spawned.ts';
import type { Door } from './storage-gate.ts';

/** A worker process, its own way into the storage, and the name under which rows know it. */
export interface ChaosWorker {
  readonly spawned: Spawned;
  readonly door: Door;
  readonly workerId: string;
  /** Whether something is being done to it. */
  taken: boolean;
}

/** An API process at an address that stays, whoever answers there. */
interface ChaosApi {
  readonly url: string;
  spawned: Spawned;
  /** Ends the process by a signal and starts another one in its place. */
  replace(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** The processes under test. */
export interface Fleet extends AsyncDisposable {
  readonly apis: readonly [ChaosApi, ChaosApi];
  /** Workers that run, or are only paused. */
  readonly workers: ChaosWorker[];
  /** Starts one more worker. */
  hire(): Promise<ChaosWorker>;
  /** Takes a worker that has ended off the list. */
  dismiss(worker: ChaosWorker): void;
}

export interface FleetOptions {
  readonly workers: number;
  /** Words of the environment that all processes have. */
  readonly env: Readonly<Record<string, string>>;
  readonly logs: string;
  readonly openDoor: () => Promise<Door>;
  readonly onWorkerLine: (worker: string, line: LogLine) => void;
}

/** Starts two APIs and the workers, and waits until all of them are ready. */
export async function openFleet(options: FleetOptions): Promise<Fleet> {
  await using cleanup = new AsyncDisposableStack();
  const workers: ChaosWorker[] = [];
  cleanup.defer(async () => void (await Promise.all(workers.map(({ spawned }) => spawned[Symbol.asyncDispose]()))));
  let hired = 0;
  const hire = async (): Promise<ChaosWorker> => {
    hired += 1;
    const worker = await startWorker(options, `worker-${hired}`);
    workers.push(worker);
    return worker;
  };
  const apis = [await startApi(options, 'api-a'), await startApi(options, 'api-b')] as const;
  for (const api of apis) cleanup.defer(() => api.spawned[Symbol.asyncDispose]());
  await Promise.all(Array.from({ length: options.workers }, hire));
  const kept = cleanup.move();
  return {
    apis,
    workers,
    hire,
    dismiss: (worker) => void workers.splice(workers.indexOf(worker), 1),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

async function startWorker(options: FleetOptions, name: string): Promise<ChaosWorker> {
  const { env, logs, openDoor, onWorkerLine } = options;
  const door = await openDoor();
  const own = { ...env, SUPABASE_URL: door.url, FFMPEG_CONCURRENCY: '1', PROVIDER_CONCURRENCY: '4' };
  const onLine = (line: LogLine) => onWorkerLine(name, line);
  const { spawned, line } = await startUntil('worker waits for jobs', {
    program: 'worker',
    name,
    env: own,
    logs,
    onLine,
  });
  return { spawned, door, workerId: line.workerId ?? '', taken: false };
}

async function startApi({ env, logs, openDoor }: FleetOptions, name: string): Promise<ChaosApi> {
  const door = await openDoor();
  const port = await freePort();
  const own = { ...env, SUPABASE_URL: door.url, PORT: `${port}` };
  const start = () => startUntil('API listens', { program: 'server', name, env: own, logs });
  const api: ChaosApi = {
    url: `http://127.0.0.1:${port}`,
    spawned: (await start()).spawned,
    replace: async (signal) => {
      api.spawned.signal(signal);
      await api.spawned.ended;
      api.spawned = (await start()).spawned;
    },
  };
  return api;
}

/** Where the database is away a process ends as it starts, and whoever looks after it starts it again. */
async function startUntil(ready: string, spawning: Spawning): Promise<{ spawned: Spawned; line: LogLine }> {
  for (let left = 20; ; left -= 1) {
    const spawned = spawnProgram(spawning);
    try {
      return { spawned, line: await spawned.said(ready) };
    } catch (error) {
      if (left === 0) throw error;
      await wait(500);
    }
  }
}

/** The same port for every process that takes an API's place: clients come back to where they were. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
