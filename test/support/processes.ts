import { type ChildProcess, execFile } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Running processes whose command line names `text`, such as a folder: one line each. */
export async function processesNaming(text: string): Promise<string[]> {
  const { stdout } = await execute('ps', ['-eo', 'pid=,args='], { maxBuffer: 8 * 1024 ** 2 });
  return stdout.split('\n').filter((line) => line.includes(text));
}

/** Resolves when the process prints a line with `text` on stderr; rejects when it ends before. */
export function printed(child: ChildProcess, text: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
    if (said.includes(text)) resolve();
  });
  child.once('exit', (code, signal) => reject(new Error(`ended with ${code ?? signal} before it said so:\n${said}`)));
  return promise;
}

/** How a child ended: its exit code, or the signal that killed it. */
export async function ended(child: ChildProcess): Promise<number | NodeJS.Signals | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode ?? child.signalCode;
}
