import { createHmac, randomBytes } from 'node:crypto';

const prefix = 'whsec_';

/** A new signing secret as Standard Webhooks writes them: 32 random bytes in base64 behind `whsec_`. */
export const newWebhookSecret = (): string => `${prefix}${randomBytes(32).toString('base64')}`;

/** What one attempt carries. */
export interface SignedMessage {
  /** The same for every attempt: receivers tell repeated ones by it. */
  readonly id: string;
  readonly body: string;
  readonly secret: string;
}

/** The three headers of Standard Webhooks: id, timestamp in seconds, and `v1,` with the HMAC-SHA256 of all three parts. */
export function signedHeaders({ id, body, secret }: SignedMessage, now: Date): Record<string, string> {
  const timestamp = `${Math.floor(now.getTime() / 1000)}`;
  const key = Buffer.from(secret.slice(prefix.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
