import { Problem } from '#base/problem.ts';

/** A signal that is aborted with CANCELED when somebody ends the demo. */
export interface Interruption extends Disposable {
  readonly signal: AbortSignal;
}

const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Listens for the end until its scope ends; meanwhile the process is not ended, so that it can put things away. */
export function untilStopped(): Interruption {
  const stop = new AbortController();
  const end = (): void => stop.abort(new Problem('CANCELED'));
  for (const name of endings) process.on(name, end);
  return {
    signal: stop.signal,
    [Symbol.dispose]: () => {
      for (const name of endings) process.off(name, end);
    },
  };
}
