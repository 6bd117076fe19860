import { z } from 'zod';
import { type Facts, Problem } from '#base/problem.ts';
import { redact } from '#base/redact.ts';

/**
 * What an outside call threw, as a Problem with the service's own facts (status, request id, code). What is neither an
 * answer nor the network is our own fault and comes back as it is, so that a bug is never taken for an outage.
 */
export function outsideFailure(thrown: unknown, call: { provider: string; attempt: number }): unknown {
  if (thrown instanceof Problem) return thrown;
  const answer = refusal.safeParse(thrown);
  if (answer.success) return problemOfStatus(answer.data, call, thrown);
  if (thrown instanceof SyntaxError || thrown instanceof z.ZodError) {
    return new Problem('PROVIDER_BAD_ANSWER', { ...call, reason: reasonOf(thrown.message) }, thrown);
  }
  const network = networkCodeOf(thrown);
  return network === null ? thrown : new Problem('PROVIDER_UNAVAILABLE', { ...call, networkCode: network }, thrown);
}

/** An error answer in the shape the SDKs agree on. */
const refusal = z.object({
  status: z.number().int().min(300).max(599),
  headers: z.instanceof(Headers).optional().catch(undefined),
  requestID: z.string().optional().catch(undefined),
  code: z.string().optional().catch(undefined),
  message: z.string().catch(''),
});

function problemOfStatus(answer: z.output<typeof refusal>, call: Facts, cause: unknown): Problem {
  const { status, requestID: requestId, code: vendorCode } = answer;
  const facts = {
    ...call,
    status,
    ...(requestId !== undefined && { requestId }),
    ...(vendorCode !== undefined && { vendorCode }),
    reason: reasonOf(answer.message),
  };
  if (!passes(status, vendorCode)) return new Problem('PROVIDER_REJECTED', facts, cause);
  const retryAfterMs = askedWait(answer.headers);
  return new Problem('PROVIDER_UNAVAILABLE', retryAfterMs === null ? facts : { ...facts, retryAfterMs }, cause);
}

/** Whether waiting can help. An empty account answers 429 as a busy service does, but no wait fills it. */
const passes = (status: number, vendorCode: string | undefined): boolean =>
  vendorCode !== 'insufficient_quota' && (status === 408 || status === 409 || status === 429 || status >= 500);

/** The wait a service asks for, in milliseconds: `retry-after-ms`, or `retry-after` as seconds or as a date. */
export function askedWait(headers: Headers | undefined): number | null {
  const ms = Number.parseFloat(headers?.get('retry-after-ms') ?? '');
  if (Number.isFinite(ms)) return Math.max(0, Math.round(ms));
  const after = headers?.get('retry-after') ?? '';
  const seconds = /^\s*\d+(\.\d+)?\s*$/.test(after) ? Number(after) : (Date.parse(after) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.round(seconds * 1000)) : null;
}

const networkCode = /^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|UND_ERR_|ERR_TLS|CERT_|HPE_)/;

/** The socket's own word somewhere in the chain of causes: `fetch failed` and `terminated` only wrap it. */
function networkCodeOf(thrown: unknown): string | null {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if ('code' in error && typeof error.code === 'string' && networkCode.test(error.code)) return error.code;
  }
  return null;
}

/** Keys are quoted back by services that refuse them, so anything like one is taken out. */
const reasonOf = (message: string): string =>
  redact(message)
    .replace(/\b(sk|pk|key)-[\w*-]+/gi, '[redacted]')
    .slice(0, 300);
