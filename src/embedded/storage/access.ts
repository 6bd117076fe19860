import type { IncomingMessage } from 'node:http';
import { Refusal } from './refusal.ts';
import type { Tokens } from './tokens.ts';

/** Lets only the service key through. Throws Unauthenticated without a token, AccessDenied with another one. */
export async function assertService(tokens: Tokens, request: IncomingMessage): Promise<void> {
  const token = /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) throw new Refusal('Unauthenticated');
  if (!(await tokens.isServiceKey(token))) throw new Refusal('AccessDenied');
}
