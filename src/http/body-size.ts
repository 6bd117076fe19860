import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { Problem } from '#base/problem.ts';
import { withinDeadline } from './deadline.ts';

/** What a body may be, and how long it may take to arrive. */
interface BodyLimits {
  readonly mostBytes: number;
  readonly mostMs: number;
}

/**
 * Refuses bodies that are larger or slower than this. Where a length is announced, Node itself lets no more through, and
 * nothing has to be counted: Yoga's own limit puts a stream and a second request around every body, which took 0.05 to
 * 0.15 ms each. Nobody else watches over slow ones: recordings come to the same port and may take hours.
 */
export const limitedBody = ({ mostBytes, mostMs }: BodyLimits): Plugin => ({
  onRequestParse({ request, requestParser, setRequestParser, fetchAPI }) {
    const length = request.headers.get('content-length');
    if (length !== null && Number(length) > mostBytes) throw tooLarge();
    const { body, url, method, headers } = request;
    if (!requestParser || !body) return;
    const read = async (asked: Request) => {
      if (length !== null) return requestParser(asked);
      const text = await textOf(body, mostBytes);
      return requestParser(new fetchAPI.Request(url, { method, headers, body: text }));
    };
    setRequestParser((asked) => withinDeadline(mostMs, () => read(asked)).catch(tooSlow));
  },
});

/** Leaves the rest unread rather than cancel it, which would cut the connection before the answer has gone out. */
async function textOf(body: ReadableStream<Uint8Array>, mostBytes: number): Promise<string> {
  const reader = body.getReader();
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for (let step = await reader.read(); !step.done; step = await reader.read()) {
    bytes += step.value.length;
    if (bytes > mostBytes) throw tooLarge();
    pieces.push(step.value);
  }
  return Buffer.concat(pieces).toString('utf8');
}

const tooLarge = (): GraphQLError =>
  new GraphQLError('The request has more bytes than are accepted.', {
    extensions: { code: 'REQUEST_TOO_LARGE', http: { status: 413 } },
  });

/** What was sent so far can be told from nothing that comes later on the same connection: it ends here. */
function tooSlow(thrown: unknown): never {
  if (!(thrown instanceof Problem) || thrown.code !== 'TIMED_OUT') throw thrown;
  throw new GraphQLError('The request did not arrive in time.', {
    extensions: { code: 'TIMED_OUT', http: { status: 408, headers: { connection: 'close' } } },
  });
}
