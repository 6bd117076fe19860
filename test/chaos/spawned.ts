import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';

const line = z.looseObject({
  time: z.number(),
  msg: z.string().optional(),
  workerId: z.string().optional(),
  runId: z.string().optional(),
  stageRunId: z.string().optional(),
  at: z.string().optional(),
});

/** A line of a process's log. */
export type LogLine = z.output<typeof line>;

/** One of our processes, started as in production, and everything it says. */
export interface Spawned extends AsyncDisposable {
  readonly name: string;
  readonly child: ChildProcess;
  /** Resolves with the first line that says `msg`; rejects when the process ends before. */
  said(msg: string): Promise<LogLine>;
  /** Sends a signal. */
  signal(name: NodeJS.Signals): void;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
  readonly running: boolean;
}

export interface Spawning {
  /** `server` or `worker`. */
  readonly program: 'server' | 'worker';
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  /** Folder of the logs. */
  readonly logs: string;
  readonly onLine?: (line: LogLine) => void;
}

/** Starts a program with these words of the environment and no others; its log is kept as `<name>.log`. */
export function spawnProgram({ program, name, env, logs, onLine }: Spawning): Spawned {
  const child = spawn(process.execPath, [path.resolve('src', `${program}.ts`)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...ofOurs('PATH', 'FFMPEG_PATH', 'FFPROBE_PATH'), NODE_ENV: 'test', ...env },
  });
  const log = createWriteStream(path.join(logs, `${name}.log`), { flags: 'a' });
  child.stdout.pipe(log, { end: false });
  const lines = new EventEmitter().setMaxListeners(0);
  createInterface({ input: child.stderr }).on('line', (text) => {
    log.write(`${text}\n`);
    const parsed = parsedFrom(text);
    if (!parsed) return;
    onLine?.(parsed);
    if (parsed.msg) lines.emit(parsed.msg, parsed);
  });
  const ended = once(child, 'close').then(() => void log.end());
  return {
    name,
    child,
    ended,
    said: async (msg) => {
      const early = ended.then(() => Promise.reject(new Error(`${name} ended before it said: ${msg}`)));
      return line.parse((await Promise.race([once(lines, msg), early]))[0]);
    },
    signal: (signal) => void child.kill(signal),
    get running() {
      return child.exitCode === null && child.signalCode === null;
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

const ofOurs = (...names: string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));

function parsedFrom(text: string): LogLine | null {
  try {
    return line.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
