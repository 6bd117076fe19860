import type { IncomingMessage } from 'node:http';

/**
 * How many may be sending one object at once. Two tabs that send the same recording both go on, and so does a client whose
 * last connection is not known to be broken yet; each one more would be room on the disk for the whole object again.
 */
export const sendersOfOne = 2;

/** Lets the newest requests for each name go on. */
export class Newest {
  readonly #going = new Map<string, readonly IncomingMessage[]>();

  /** Runs the body of a request; of those with its name the oldest beyond `sendersOfOne` are cut off first. */
  async hold<T>(name: string, request: IncomingMessage, body: () => Promise<T>): Promise<T> {
    const going = [...(this.#going.get(name) ?? []), request];
    this.#going.set(name, going);
    for (const older of going.slice(0, -sendersOfOne)) cutOff(older);
    try {
      return await body();
    } finally {
      const left = (this.#going.get(name) ?? []).filter((other) => other !== request);
      if (left.length > 0) this.#going.set(name, left);
      else this.#going.delete(name);
    }
  }
}

/** Ends a request whose bytes still arrive. One that has sent all gets its answer. */
export function cutOff(request: IncomingMessage): void {
  if (!request.complete) request.destroy();
}
