import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Problem } from '#base/problem.ts';
import { type Order, type Report, report } from './messages.ts';

export interface RecogniserOptions {
  /** File of the engine's module, as `findWhisper` gives it. */
  readonly engine: string;
  /** File of the model. */
  readonly model: string;
  /** Its abort kills the child and is what every call throws. */
  readonly signal: AbortSignal;
  /** Longest silence of the child in milliseconds before it is taken for hung. */
  readonly patienceMs: number;
}

/** A child process with a model loaded. One file at a time. */
export interface Recogniser extends AsyncDisposable {
  /** Throws PROVIDER_UNAVAILABLE when the child dies, PROVIDER_REJECTED when it cannot, TIMED_OUT when it hangs. */
  listen(
    file: string,
    options: { language: string; onProgress: (fraction: number) => void },
  ): Promise<Extract<Report, { kind: 'heard' }>>;
}

/** The file of whisper.cpp's binding where somebody installed it, else null. It is no dependency of ours: 266 MB. */
export function findWhisper(): string | null {
  try {
    return createRequire(import.meta.url).resolve('@fugood/whisper.node');
  } catch {
    return null;
  }
}

/** Starts the child and loads the model. Throws what `listen` throws. */
export async function openRecogniser({ engine, model, signal, patienceMs }: RecogniserOptions): Promise<Recogniser> {
  signal.throwIfAborted();
  const child = startChild();
  const ended = endOf(child);
  const abort = (): void => ended.because(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  const recogniser: Recogniser = {
    async listen(file, { language, onProgress }) {
      const answer = await ask({ child, ended, patienceMs, onProgress }, { kind: 'listen', file, language });
      if (answer.kind === 'heard') return answer;
      throw new Problem('PROVIDER_BAD_ANSWER', { provider: 'whisper', answer: answer.kind });
    },
    async [Symbol.asyncDispose]() {
      signal.removeEventListener('abort', abort);
      if (!isAlive(child)) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
  try {
    await ask({ child, ended, patienceMs, onProgress: () => {} }, { kind: 'open', engine, model });
    return recogniser;
  } catch (thrown) {
    await recogniser[Symbol.asyncDispose]();
    throw thrown;
  }
}

/** Without our environment: native code of strangers needs none of its secrets. */
const startChild = (): ChildProcess =>
  fork(fileURLToPath(new URL('./child.ts', import.meta.url)), {
    execArgv: [],
    env: {},
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });

const isAlive = (child: ChildProcess): boolean =>
  child.pid !== undefined && child.exitCode === null && child.signalCode === null;

interface End {
  /** Rejects when the child has ended or must end, with the reason. */
  readonly promise: Promise<never>;
  /** Kills the child; the first reason counts. */
  because(reason: unknown): void;
}

function endOf(child: ChildProcess): End {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {}); // nobody may be asking when the child dies
  let said = '';
  child.stderr?.on('data', (text: Buffer) => (said = (said + text.toString()).slice(-2000)));
  child.once('error', (error) => reject(new Problem('PROVIDER_UNAVAILABLE', { provider: 'whisper' }, error)));
  child.once('exit', (exitCode, killedBy) => {
    reject(new Problem('PROVIDER_UNAVAILABLE', { provider: 'whisper', exitCode, killedBy, said }));
  });
  return {
    promise,
    because(reason) {
      reject(reason);
      child.kill('SIGKILL');
    },
  };
}

interface Asking {
  readonly child: ChildProcess;
  readonly ended: End;
  readonly patienceMs: number;
  readonly onProgress: (fraction: number) => void;
}

async function ask({ child, ended, patienceMs, onProgress }: Asking, order: Order): Promise<Report> {
  const answer = Promise.withResolvers<Report>();
  const late = new Problem('TIMED_OUT', { what: 'Local transcription', patienceMs });
  const watchdog = setTimeout(() => ended.because(late), patienceMs);
  const hear = (message: unknown): void => {
    watchdog.refresh();
    const said = report.safeParse(message);
    if (!said.success) answer.reject(new Problem('PROVIDER_BAD_ANSWER', { provider: 'whisper' }, said.error));
    else if (said.data.kind === 'progress') onProgress(said.data.fraction);
    else if (said.data.kind === 'failed')
      answer.reject(new Problem('PROVIDER_REJECTED', { provider: 'whisper', reason: said.data.reason }));
    else answer.resolve(said.data);
  };
  child.on('message', hear);
  try {
    child.send(
      order,
      (error) => error && answer.reject(new Problem('PROVIDER_UNAVAILABLE', { provider: 'whisper' }, error)),
    );
    return await Promise.race([answer.promise, ended.promise]);
  } finally {
    clearTimeout(watchdog);
    child.off('message', hear);
  }
}
