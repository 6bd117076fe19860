import type { IncomingMessage, ServerResponse } from 'node:http';
import { Problem } from '#base/problem.ts';
import { takeMessage } from '#domain/identity/take-message.ts';
import type { Api } from '#graph/context.ts';
import type { IdentityMessages } from '#providers/identity.ts';

const path = '/webhooks/clerk';

/** A user of many addresses takes some ten KiB. */
const mostBytes = 256 * 1024;

/** Where the identity provider tells of people and organisations. */
export interface IdentityWebhook {
  /** Whether the request was for it and is answered. */
  answer(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
}

/**
 * Takes the identity provider's messages; without a signing secret there is no such path. 204 for a message that was
 * followed, was followed before or is of no interest, 4xx for one that must not be sent again, 500 for one that must.
 */
export const openIdentityWebhook = (messages: IdentityMessages | null, api: Api): IdentityWebhook => ({
  async answer(request, response) {
    if (!messages || request.url?.split('?')[0] !== path) return false;
    const status = request.method === 'POST' ? await statusOf(messages, api, request) : 405;
    response.writeHead(status, status === 405 ? { allow: 'POST' } : status === 413 ? { connection: 'close' } : {});
    response.end();
    return true;
  },
});

async function statusOf(messages: IdentityMessages, api: Api, request: IncomingMessage): Promise<number> {
  const body = await bodyOf(request);
  if (body === null) return 413;
  try {
    await takeMessage(api, await messages.read({ headers: headersOf(request), body }));
    return 204;
  } catch (error) {
    api.log.warn({ err: error }, 'a message of the identity provider was not followed');
    if (error instanceof Problem && error.code === 'FORBIDDEN') return 401;
    return error instanceof Problem && error.code === 'INVALID_INPUT' ? 422 : 500;
  }
}

/** The bytes as they came, for they are what is signed; null for too many. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Left open after too many: destroyed, it would take the answer with it.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > mostBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const headersOf = ({ headers }: IncomingMessage): Headers =>
  new Headers(Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
