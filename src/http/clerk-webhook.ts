import type { IncomingMessage, ServerResponse } from 'node:http';
import { Problem } from '#base/problem.ts';
import { takeMessage } from '#domain/identity/take-message.ts';
import type { Api } from '#graph/context.ts';
import type { IdentityMessages } from '#providers/identity.ts';
import type { Bodies } from './body.ts';
import type { Refuse } from './refusal.ts';

const path = '/webhooks/clerk';

/** A user of many addresses takes some ten KiB. */
const mostBytes = 256 * 1024;

/** Where the identity provider tells of people and organisations. */
export interface IdentityWebhook {
  /** Whether the request was for it and is answered. */
  answer(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
}

/** What the webhook stands on. */
interface Ground {
  readonly api: Api;
  readonly bodies: Bodies;
  readonly refuse: Refuse;
}

/**
 * Takes the identity provider's messages; without a signing secret there is no such path. 204 for a message that was
 * followed, was followed before or is of no interest, 4xx for one that must not be sent again, 5xx for one that must, and
 * 408 for one that did not arrive.
 */
export const openIdentityWebhook = (messages: IdentityMessages | null, ground: Ground): IdentityWebhook => ({
  async answer(request, response) {
    if (!messages || request.url?.split('?')[0] !== path) return false;
    if (request.method === 'POST') await take(messages, ground, { request, response });
    else response.writeHead(405, { allow: 'POST' }).end();
    return true;
  },
});

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function take(messages: IdentityMessages, { api, bodies, refuse }: Ground, exchange: Exchange): Promise<void> {
  const { request, response } = exchange;
  const body = await bodies.read(request, { mostBytes, mostMs: api.env.EXECUTION_TIMEOUT_MS });
  if (body === 'LEFT') return;
  if (typeof body === 'string') return refuse(request, response, body);
  // The bytes as they came, for they are what is signed.
  const message = { headers: headersOf(request), body: body.toString('utf8') };
  response.writeHead(await statusOf(message, messages, api)).end();
}

type Message = Parameters<IdentityMessages['read']>[0];

async function statusOf(message: Message, messages: IdentityMessages, api: Api): Promise<number> {
  try {
    await takeMessage(api, await messages.read(message));
    return 204;
  } catch (error) {
    api.log.warn({ err: error }, 'a message of the identity provider was not followed');
    if (error instanceof Problem && error.code === 'FORBIDDEN') return 401;
    return error instanceof Problem && error.code === 'INVALID_INPUT' ? 422 : 500;
  }
}

const headersOf = ({ headers }: IncomingMessage): Headers =>
  new Headers(Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
