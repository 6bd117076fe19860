import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Env } from '#base/env.ts';
import type { Bodies, Body } from './body.ts';
import type { Refuse } from './refusal.ts';

/** Lets only so many requests in at once. */
export interface Pressure {
  /** Reads the body and runs the work with it, or refuses at once where it would only wait. */
  admit(request: IncomingMessage, response: ServerResponse, work: Work): Promise<void>;
  /** The answer to a request is made, or its stream is open: the next one may come in. */
  made(request: IncomingMessage): void;
}

/** Null stands for a request that has no body. */
type Work = (body: Buffer | null) => Promise<void>;

/** What stands at the door. */
interface Door {
  readonly env: Pick<Env, 'REQUESTS_AT_ONCE' | 'MAX_BODY_BYTES' | 'EXECUTION_TIMEOUT_MS'>;
  readonly bodies: Bodies;
  readonly refuse: Refuse;
}

const bodiless = ['GET', 'HEAD'];

/**
 * A process that is asked more than it can answer must say so while it still can: without a bound every request waits
 * behind all others, all time out, and their bodies and rows fill the memory. A place is held while we work and never
 * while a client does: it is taken when the body is there and given back before the answer goes out, so that nobody keeps
 * others out by being slow. What waits for clients has bounds of its own.
 */
export function openPressure({ env, bodies, refuse }: Door): Pressure {
  const inside = new Set<IncomingMessage>();
  const limits = { mostBytes: env.MAX_BODY_BYTES, mostMs: env.EXECUTION_TIMEOUT_MS };
  const isFull = (): boolean => inside.size >= env.REQUESTS_AT_ONCE;
  return {
    async admit(request, response, work) {
      // A preflight costs nothing; refused, it would keep the page from reading why the request itself is.
      if (request.method === 'OPTIONS') return work(null);
      const body = await bodyOf(request);
      if (body === 'LEFT') return;
      if (typeof body === 'string') return refuse(request, response, body);
      if (isFull()) return refuse(request, response, 'OVERLOADED');
      inside.add(request);
      try {
        await work(body);
      } finally {
        inside.delete(request);
      }
    },
    made: (request) => void inside.delete(request),
  };

  async function bodyOf(request: IncomingMessage): Promise<Body | null> {
    if (isFull()) return 'OVERLOADED';
    return bodiless.includes(request.method ?? '') ? null : bodies.read(request, limits);
  }
}
