import type { IncomingMessage, ServerResponse } from 'node:http';
import { withBody } from './body.ts';
import { corsOf } from './cors.ts';
import { withMediaType } from './media-type.ts';
import { openPlainQueries } from './plain-query.ts';
import { openRequestRate } from './request-rate.ts';
import { openYoga } from './yoga.ts';

type Parts = Omit<Parameters<typeof openYoga>[0], 'counted' | 'arrivalOf' | 'begun'> & {
  readonly entrance: Parameters<typeof openRequestRate>[1];
};

/** GraphQL over HTTP. Null stands for a request that has no body. */
export type Graphql = (request: IncomingMessage, response: ServerResponse, body: Buffer | null) => Promise<void>;

/** Answers GraphQL over HTTP and server-sent events, and shows GraphiQL where the environment wants it. */
export function openGraphql({ entrance, pressure, ...parts }: Parts): Graphql {
  const { plugin: counted, arrivalOf } = openRequestRate(parts.api, entrance);
  const answering = { ...parts, arrivalOf, begun: new WeakMap() };
  const plain = openPlainQueries(answering, { pressure, cors: corsOf(parts.api.env) });
  const yoga = openYoga({ ...answering, pressure, counted });
  return async (given, response, body) => {
    const request = withMediaType(given);
    if (!(await plain(request, response, body))) await yoga(withBody(request, body), response);
  };
}
