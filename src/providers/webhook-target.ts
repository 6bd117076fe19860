import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Problem } from '#base/problem.ts';
import { askedWait } from './outside-failure.ts';
import { traced } from './traced.ts';
import { hostOf, publicLookup, requirePublicLiteral, type TargetRules } from './webhook-address.ts';
import { type SignedMessage, signedHeaders } from './webhook-signature.ts';

/** What came of one attempt. A status below 200 or above 299 is a failed one, also a redirect: none is followed. */
export interface WebhookAnswer {
  readonly durationMs: number;
  readonly status: number | null;
  /** Why there was no status, in words that name no address. */
  readonly error: string | null;
  /** The wait that the receiver asks for, in milliseconds. */
  readonly retryAfterMs: number | null;
}

/** How one attempt is made. */
export interface Attempt {
  readonly rules: TargetRules;
  /** The sender's own end; its reason is thrown. */
  readonly signal: AbortSignal;
  /** Longest life of the attempt, 10 s unless said. */
  readonly timeoutMs?: number;
}

/** The answer's text is of no use to us; a receiver that wants to say much is cut off. */
const mostAnswerBytes = 4096;

/**
 * Sends a signed message to a webhook's URL (POST, JSON) over a connection of its own. Whatever the receiver and the
 * network do comes back as an answer; only an abort of `signal` throws.
 */
export async function sendWebhook(url: URL, message: SignedMessage, attempt: Attempt): Promise<WebhookAnswer> {
  const { signal, timeoutMs = 10_000 } = attempt;
  const began = performance.now();
  const took = () => Math.round(performance.now() - began);
  const late = AbortSignal.timeout(timeoutMs);
  try {
    const response = await post(url, message, { ...attempt, signal: AbortSignal.any([signal, late]) });
    const status = response.statusCode ?? null;
    const retryAfter = response.headers['retry-after'];
    const retryAfterMs = retryAfter === undefined ? null : askedWait(new Headers({ 'retry-after': retryAfter }));
    return { durationMs: took(), status, error: null, retryAfterMs };
  } catch (thrown) {
    signal.throwIfAborted();
    const error = late.aborted ? `no answer within ${timeoutMs} ms` : reasonOf(thrown);
    return { durationMs: took(), status: null, error, retryAfterMs: null };
  }
}

async function post(url: URL, message: SignedMessage, { rules, signal }: Attempt): Promise<IncomingMessage> {
  if (!rules.allowPrivate) requirePublicLiteral(hostOf(url));
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const answered = Promise.withResolvers<IncomingMessage>();
  const request = send(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(message.body),
      'user-agent': 'Offprint-Webhooks/1',
      ...traced('x-request-id'),
      ...signedHeaders(message, new Date()),
    },
    // A connection that is kept was looked up for somebody else's rules.
    agent: false,
    signal,
    ...(!rules.allowPrivate && { lookup: publicLookup({ nameServers: rules.nameServers, signal }) }),
  });
  // Neither an answer nor an error comes of a receiver that switches protocols (101), and no abort reaches it any more.
  request.once('close', () => answered.reject(new Problem('PROVIDER_BAD_ANSWER', { provider: 'webhook' })));
  request.once('response', answered.resolve).on('error', answered.reject).end(message.body);
  const response = await answered.promise;
  await drain(response);
  return response;
}

/** Lets the receiver finish its answer, as far as we read. With the status known, how it ends changes nothing. */
async function drain(response: IncomingMessage): Promise<void> {
  let left = mostAnswerBytes;
  try {
    for await (const chunk of response) {
      left -= Buffer.isBuffer(chunk) ? chunk.length : 0;
      if (left <= 0) break;
    }
  } catch {
    response.destroy();
  }
}

function reasonOf(thrown: unknown): string {
  if (thrown instanceof Problem) return thrown.message;
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown';
  return `the connection failed (${code})`;
}
