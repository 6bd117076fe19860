import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Env } from '#base/env.ts';
import { isAllowedOrigin } from '#embedded/storage/cors.ts';
import { rateHeaders } from './request-rate.ts';

/** What pages of other origins may do; Yoga takes it as it is. */
export interface Cors {
  readonly origin: string[];
  readonly methods: string[];
  readonly credentials: false;
  readonly exposedHeaders: string[];
  /** Seconds for which a browser need not ask again whether it may; by itself Chromium asks every five. */
  readonly maxAge: number;
}

/** Callers show a token, never a cookie: no origin is given the browser's credentials. */
export const corsOf = ({ CORS_ORIGINS }: Pick<Env, 'CORS_ORIGINS'>): Cors => ({
  origin: CORS_ORIGINS,
  methods: ['GET', 'POST', 'OPTIONS'],
  credentials: false,
  exposedHeaders: ['x-request-id', ...rateHeaders],
  maxAge: 7_200,
});

/** The same for what is answered without Yoga; a foreign origin is told nothing. */
export function corsHeaders({ headers }: IncomingMessage, cors: Cors): Record<string, string> {
  const { origin } = headers;
  if (origin === undefined || !isAllowedOrigin(origin, cors.origin)) return { vary: 'Origin' };
  return {
    vary: 'Origin',
    'access-control-allow-origin': origin,
    'access-control-allow-methods': cors.methods.join(', '),
    'access-control-allow-headers': headers['access-control-request-headers'] ?? 'authorization, content-type',
    'access-control-expose-headers': cors.exposedHeaders.join(', '),
    'access-control-max-age': String(cors.maxAge),
  };
}

/** Answers what a browser asks before it asks, where nothing else does yet; false for any other request. */
export function preflight(request: IncomingMessage, response: ServerResponse, env: Pick<Env, 'CORS_ORIGINS'>): boolean {
  if (request.method !== 'OPTIONS') return false;
  response.writeHead(204, corsHeaders(request, corsOf(env))).end();
  return true;
}
