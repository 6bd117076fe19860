import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Env } from '#base/env.ts';
import type { TopCode } from '#graph/codes.ts';
import { corsHeaders, corsOf } from './cors.ts';

/** A refusal before anybody has looked at what is asked. */
interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const again = { 'retry-after': '1' };

/** Why the API itself refuses a request, by the code that clients branch on. */
const refusals = {
  STARTING: { status: 503, message: 'The API is starting: try again in a moment.', headers: again },
  OVERLOADED: { status: 503, message: 'Too much at once: try again in a moment.', headers: again },
  REQUEST_TOO_LARGE: { status: 413, message: 'The request has more bytes than are accepted.' },
  // What was sent so far can be told from nothing that comes later on the same connection: it ends here.
  TIMED_OUT: { status: 408, message: 'The request did not arrive in time.', headers: { connection: 'close' } },
  INTERNAL_SERVER_ERROR: { status: 500, message: 'Something went wrong on our side.' },
} as const satisfies Partial<Record<TopCode, Refusal>>;

export type RefusalCode = keyof typeof refusals;

/** Refuses a request; costs 0.1 ms. What has begun to be answered is cut off, so that nobody takes it for whole. */
export type Refuse = (request: IncomingMessage, response: ServerResponse, code: RefusalCode) => void;

/** How this API refuses: in the form of GraphQL, with the id that finds the log line, readable by pages that may call. */
export function refusing(env: Pick<Env, 'CORS_ORIGINS'>): Refuse {
  const cors = corsOf(env);
  return (request, response, code) => {
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const { status, message, headers }: Refusal = refusals[code];
    const correlationId = String(response.getHeader('x-request-id') ?? randomUUID());
    const body = JSON.stringify({ errors: [{ message, extensions: { code, correlationId } }] });
    response.setHeader('x-request-id', correlationId);
    response.writeHead(status, {
      ...corsHeaders(request, cors),
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
      ...headers,
    });
    // What else was sent of the body is thrown away, so that the connection can be used again.
    request.resume();
    response.end(body);
  };
}
