import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** What a browser sends to another site without asking it first. */
const simpleTypes = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'];

/** Either header makes a browser ask first; the second one is what clients of Apollo send. */
const preflightHeaders = ['graphql-preflight', 'apollo-require-preflight'];

/**
 * Only what another site cannot make a browser send unasked: JSON by POST, or one of the headers above, which GET needs.
 * A page elsewhere can then neither run an operation nor measure how long one takes, whatever the browser would add.
 */
export const onlyPreflighted: Plugin = {
  onRequestParse({ request }) {
    const type = request.headers.get('content-type')?.toLowerCase();
    if (type && !simpleTypes.some((simple) => type.startsWith(simple))) return;
    if (preflightHeaders.some((name) => request.headers.has(name))) return;
    throw new GraphQLError(`Send JSON by POST, or the header "${preflightHeaders[0]}: 1".`, {
      extensions: { code: 'FORBIDDEN', http: { status: 403 } },
    });
  },
};

/** What is none of the types that are read, told as everything else that is refused. Stands behind all who read one. */
export const onlyReadable: Plugin = {
  onRequestParse({ request, requestParser }) {
    if (requestParser || request.method !== 'POST') return;
    throw new GraphQLError('Send the request as "Content-Type: application/json".', {
      extensions: { code: 'BAD_REQUEST', http: { status: 415 } },
    });
  },
};
