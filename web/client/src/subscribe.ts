import type { Client as Socket } from 'graphql-ws/client';
import { type Answer, failureOf, partOf } from './answer.ts';
import type { Calling } from './caller.ts';
import { named, type TypedDocument } from './document.ts';
import type { TopError } from './failure.ts';
import { type Result as Arrived, resumable, type Subscription } from './resumable.ts';
import { brokenBy } from './socket.ts';

/** How it is subscribed. */
export interface Subscribing<Variables> {
  readonly variables: Variables;
  readonly byId: boolean;
  readonly calling: Calling | undefined;
}

/**
 * The results of a subscription, one after the other, over as many connections as it takes. Ends when the API ends it or
 * whoever reads leaves; throws OffprintError, or the reason of the signal that stops it.
 */
export async function* subscribe<Result extends object, Variables>(
  socket: Socket,
  document: TypedDocument<Result, Variables>,
  { variables, byId, calling }: Subscribing<Variables>,
): AsyncGenerator<Result, void, undefined> {
  const { signal, onPartial = () => undefined } = calling ?? {};
  signal?.throwIfAborted();
  // Sent by its id it leaves its text here, by which `resumable` would see that it takes a cursor.
  const cursor = /\$after\b/.test(String(document)) ? { after: null } : {};
  const payload = { ...named(document, byId), variables: { ...cursor, ...variables } };
  const reader = arrivals(socket, payload, signal).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield partOf(answerOf<Result>(value()), onPartial);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/**
 * What arrives, waiting to be taken. What the API ends it with comes after what arrived before; a signal drops that and
 * ends it at once.
 */
function arrivals(
  socket: Socket,
  payload: Subscription,
  signal: AbortSignal | undefined,
): ReadableStream<() => Arrived> {
  let leave = (): void => undefined;
  return new ReadableStream({
    start(controller) {
      let open = true;
      const end = (last?: () => never): void => {
        if (open && last) controller.enqueue(last);
        if (open) controller.close();
        open = false;
      };
      const unsubscribe = resumable(socket, payload, {
        next: (result) => open && controller.enqueue(() => result),
        error: (error) => end(() => thrown(failureIn(error))),
        complete: () => end(),
      });
      const stop = (): void => {
        leave();
        controller.error(signal?.reason);
      };
      leave = () => {
        open = false;
        signal?.removeEventListener('abort', stop);
        unsubscribe();
      };
      signal?.addEventListener('abort', stop);
    },
    cancel: () => leave(),
  });
}

const thrown = (reason: unknown): never => {
  throw reason;
};

/** The API holds each value against its schema. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const answerOf = <Result>(result: Arrived): Answer<Result> => result as Answer<Result>;

/** Faults of the operation come as a list, everything else is about the connection. */
function failureIn(error: unknown): Error {
  const errors: readonly unknown[] = Array.isArray(error) ? error : [];
  const told = errors.filter(isTopError);
  return told.length > 0 ? failureOf({ errors: told }) : brokenBy(error);
}

const isTopError = (value: unknown): value is TopError =>
  typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string';
