import { IncomingMessage } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import type { Api } from '#graph/context.ts';
import { type Budget, rateLimited, untilReset } from '#graph/rate-limits.ts';
import { rates } from '#graph/rates.ts';
import { addressOf } from './client-address.ts';
import type { Arrival, Entrance } from './entrance.ts';
import { maskError } from './masked-errors.ts';

/** Requests over HTTP as they are counted. */
export interface RequestRate {
  /** Counts before a document is looked at, and refuses with 429. */
  readonly plugin: Plugin;
  /** Who asks; throws what kept us from finding out. */
  readonly arrivalOf: (request: Request) => Promise<Arrival>;
}

/** Counts each request over HTTP by whom it comes from, and tells what is left in the headers of the answer. */
export function openRequestRate({ env, log }: Pick<Api, 'env' | 'log'>, entrance: Entrance): RequestRate {
  const arrivals = new WeakMap<Request, Promise<Arrival>>();
  const arrive = (request: Request, address: string): Promise<Arrival> => {
    const arrival = entrance.arrive(request.headers.get('authorization'), address);
    arrivals.set(request, arrival);
    return arrival;
  };
  const plugin: Plugin = {
    async onRequest(hook) {
      const { request, serverContext, fetchAPI } = hook;
      if (request.method === 'OPTIONS') return;
      const incoming = 'req' in serverContext ? serverContext.req : null;
      const address = incoming instanceof IncomingMessage ? addressOf(incoming, env.TRUST_PROXY) : '';
      // What goes wrong here is told where the answer is made, in the form of GraphQL.
      const arrival = await arrive(request, address).catch(() => null);
      if (!arrival?.budget?.refused) return;
      const body = JSON.stringify({ errors: [maskError(rateLimited(arrival.budget), log)] });
      const headers = { 'content-type': 'application/json; charset=utf-8' };
      hook.endResponse(new fetchAPI.Response(body, { status: 429, headers }));
    },
    async onResponse({ request, response }) {
      const arrival = await arrivals.get(request)?.catch(() => null);
      if (arrival?.budget) tell(arrival.budget, response.headers);
    },
  };
  return { plugin, arrivalOf: (request) => arrivals.get(request) ?? arrive(request, '') };
}

/** Names of the headers that say what is left, for browsers to let pages read them. */
export const rateHeaders = ['ratelimit', 'ratelimit-policy', 'retry-after'];

/** As in draft-ietf-httpapi-ratelimit-headers-11. */
function tell(budget: Budget, headers: Headers): void {
  const { most, seconds } = rates[budget.rate];
  const leftSeconds = Math.ceil(untilReset(budget) / 1_000);
  headers.set('ratelimit-policy', `"${budget.rate}";q=${most};w=${seconds}`);
  headers.set('ratelimit', `"${budget.rate}";r=${budget.remaining};t=${leftSeconds}`);
  if (budget.refused) headers.set('retry-after', `${leftSeconds}`);
}
