import type { FormattedExecutionResult, Sink, Client as Socket } from 'graphql-ws/client';
import type { Named } from './document.ts';

/** A subscription as it is sent. */
export interface Subscription extends Named {
  readonly variables: unknown;
}

/** One result of it, as it comes. */
export type Result = FormattedExecutionResult<Record<string, unknown>, unknown>;

/**
 * Subscribes over graphql-ws so that a lost connection is made good: the library sends the same payload again, as it
 * then is, so the cursor of each result is put into `variables.after` when it arrives. Putting it there when the result
 * is *taken* would not do: what waits to be taken would be sent once more. A document that takes no `after` is left as
 * it is. Gives what ends the subscription.
 */
export function resumable(socket: Socket, payload: Subscription, sink: Sink<Result>): () => void {
  const variables: Record<string, unknown> = Object.fromEntries(Object.entries(payload.variables ?? {}));
  const resumes = /\$after\b/.test(payload.query) || 'after' in variables;
  return socket.subscribe(
    { ...payload, variables },
    {
      ...sink,
      next(result) {
        const cursor = resumes ? cursorIn(result.data) : null;
        if (cursor !== null) variables.after = cursor;
        sink.next(result);
      },
    },
  );
}

/** The cursor of the one field of a subscription's result. */
function cursorIn(data: unknown): string | null {
  if (typeof data !== 'object' || data === null) return null;
  const [event]: readonly unknown[] = Object.values(data);
  if (typeof event !== 'object' || event === null || !('cursor' in event)) return null;
  return typeof event.cursor === 'string' ? event.cursor : null;
}
