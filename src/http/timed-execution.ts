import type { ExecutionArgs, ExecutionResult } from 'graphql';
import { onBehalfOf } from '#base/fair-pool.ts';
import type { Context } from '#graph/context.ts';
import { withinDeadline } from './deadline.ts';
import { execute } from './execution.ts';

/**
 * Executes a query or a mutation within its time, on behalf of whoever asks: what it asks of the database takes turns with
 * all else of theirs. Throws TIMED_OUT when the time is over; what waits for a turn by then gets none.
 */
export function executeInTime(args: ExecutionArgs, { api, viewer }: Context): Promise<ExecutionResult> {
  const key = viewer?.userId ?? 'strangers';
  return withinDeadline(api.env.EXECUTION_TIMEOUT_MS, (signal) =>
    onBehalfOf({ key, signal }, () => execute({ ...args, abortSignal: signal })),
  );
}
