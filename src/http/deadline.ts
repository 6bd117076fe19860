import { Problem } from '#base/problem.ts';

/**
 * Runs work for a time at most, in milliseconds. Then it throws TIMED_OUT and the signal tells the work to stop; a
 * statement that is with the database is ended there, after as long a time of its own.
 */
export async function withinDeadline<T>(ms: number, work: (signal: AbortSignal) => T | PromiseLike<T>): Promise<T> {
  const controller = new AbortController();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const problem = new Problem('TIMED_OUT', { what: 'The operation', limitMs: ms });
    late.reject(problem);
    controller.abort(problem);
  }, ms);
  try {
    return await Promise.race([work(controller.signal), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
