import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { environmentWith } from '#base/env.ts';
import type { Ground } from './ground.ts';

/** A process of the product's, stopped at the end of its scope. */
export interface Started extends AsyncDisposable {
  readonly pid: number;
  /** The line of its log that said it was ready. */
  readonly ready: string;
  /** Tells it something, and waits for the next line of its log with this text. */
  tell(signal: NodeJS.Signals, answer: string): Promise<string>;
}

/** How to start it. */
interface Wanted {
  /** One of the product's processes, or a file by its path from the root. */
  readonly entry: 'server' | 'worker' | { readonly file: string };
  readonly ready: string;
  /** Words of the environment, on top of those that lead it to the bench's own ground. */
  readonly env?: Parameters<typeof environmentWith>[0];
  /** Options of Node itself. */
  readonly options?: readonly string[];
}

const root = path.resolve(import.meta.dirname, '../..');

/** Starts it over the ground and waits until it says that it is ready. Throws what it said when it ends before. */
export async function startProcess(ground: Ground, { entry, ready, env = {}, options = [] }: Wanted): Promise<Started> {
  const child = spawn(process.execPath, [...options, path.join(root, fileOf(entry))], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: environmentWith({ ...ownGround(ground), ...env }),
  });
  const gone = once(child, 'exit');
  process.once('exit', () => child.kill());
  const lines = linesOf(child);
  const line = await lines.next(ready);
  return {
    pid: child.pid ?? 0,
    ready: line,
    tell: async (signal, answer) => {
      const answered = lines.next(answer);
      child.kill(signal);
      return answered;
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      const patience = setTimeout(() => child.kill('SIGKILL'), 20_000);
      await gone;
      clearTimeout(patience);
    },
  };
}

const fileOf = (entry: Wanted['entry']): string => (typeof entry === 'string' ? `src/${entry}.ts` : entry.file);

/** Nothing real is touched: database, storage, identity and models are the bench's own, whatever the environment says. */
const ownGround = ({ url, home }: Ground) => ({
  NODE_ENV: 'test',
  HOST: '127.0.0.1',
  PORT: '0',
  PUBLIC_URL: '',
  DATABASE_URL: url,
  OFFPRINT_HOME: home,
  WORK_DIR: path.join(home, 'work'),
  LOG_LEVEL: 'info',
  RATE_LIMITS: 'off',
  SOCKETS_PER_USER: '100000',
  SUPABASE_URL: '',
  SUPABASE_SERVICE_ROLE_KEY: '',
  CLERK_JWT_KEY: '',
  CLERK_JWKS_URL: '',
  CLERK_SECRET_KEY: '',
  CLERK_JWT_ISSUER: '',
  OPENAI_API_KEY: '',
});

function linesOf(child: ChildProcess) {
  let said = '';
  const waiting = new Set<(ended: boolean) => void>();
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    said = (said + chunk).slice(-100_000);
    for (const look of waiting) look(false);
  });
  child.once('exit', () => waiting.forEach((look) => look(true)));
  return {
    next(text: string): Promise<string> {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      said = '';
      const look = (ended: boolean) => {
        const line = said.split('\n').find((candidate) => candidate.includes(text));
        if (line === undefined && !ended) return;
        waiting.delete(look);
        if (line === undefined) reject(new Error(`The process ended before it said "${text}":\n${said}`));
        else resolve(line);
      };
      waiting.add(look);
      return promise;
    },
  };
}
