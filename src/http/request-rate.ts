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
  /** Counts what was not counted yet before a document is looked at, and refuses with 429. */
  readonly plugin: Plugin;
  /** Who asks; the first time it is counted. Throws what kept us from finding out. */
  readonly arrivalOf: (request: IncomingMessage) => Promise<Arrival>;
}

/** Counts each request over HTTP by whom it comes from, and tells what is left in the headers of the answer. */
export function openRequestRate({ env, log }: Pick<Api, 'env' | 'log'>, entrance: Entrance): RequestRate {
  const arrivals = new WeakMap<IncomingMessage, Promise<Arrival>>();
  const arrivalOf = (request: IncomingMessage): Promise<Arrival> => {
    const known = arrivals.get(request);
    if (known) return known;
    const arrival = entrance.arrive(request.headers.authorization, addressOf(request, env.TRUST_PROXY));
    arrivals.set(request, arrival);
    return arrival;
  };
  const plugin: Plugin = {
    async onRequest(hook) {
      const { request, serverContext, fetchAPI } = hook;
      if (request.method === 'OPTIONS') return;
      // What goes wrong here is told where the answer is made, in the form of GraphQL.
      const arrival = await arrivalOf(incomingOf(serverContext)).catch(() => null);
      if (!arrival?.budget?.refused) return;
      const body = JSON.stringify({ errors: [maskError(rateLimited(arrival.budget), log)] });
      const headers = { 'content-type': 'application/json; charset=utf-8' };
      hook.endResponse(new fetchAPI.Response(body, { status: 429, headers }));
    },
    async onResponse({ response, serverContext }) {
      const arrival = await arrivals.get(incomingOf(serverContext))?.catch(() => null);
      if (!arrival?.budget) return;
      for (const [name, value] of Object.entries(budgetHeaders(arrival.budget))) response.headers.set(name, value);
    },
  };
  return { plugin, arrivalOf };
}

/** The request as it came to the server, which Yoga passes on with its own. */
export function incomingOf(serverContext: object): IncomingMessage {
  if ('req' in serverContext && serverContext.req instanceof IncomingMessage) return serverContext.req;
  throw new TypeError('a request that came to no server');
}

/** Names of the headers that say what is left, for browsers to let pages read them. */
export const rateHeaders = ['ratelimit', 'ratelimit-policy', 'retry-after'];

/** What is left, as in draft-ietf-httpapi-ratelimit-headers-11. */
export function budgetHeaders(budget: Budget): Record<string, string> {
  const { most, seconds } = rates[budget.rate];
  const leftSeconds = Math.ceil(untilReset(budget) / 1_000);
  return {
    'ratelimit-policy': `"${budget.rate}";q=${most};w=${seconds}`,
    ratelimit: `"${budget.rate}";r=${budget.remaining};t=${leftSeconds}`,
    ...(budget.refused && { 'retry-after': `${leftSeconds}` }),
  };
}
