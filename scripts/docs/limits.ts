import { words } from '#base/env-words.ts';
import { defaultPage, limitTable } from '#graph/limits.ts';
import { socketLimits, socketLimitTable } from '#graph/socket-limits.ts';
import { defaultOf } from './env-word.ts';
import { code, table } from './table.ts';

/** docs/limits.md, printed from the tables of limits. */
export const limitsPage = (): string => `# How much one request may ask for

Printed from \`src/graph/limits.ts\` and \`src/graph/socket-limits.ts\` by \`npm run docs\`; change it there.

The same holds over HTTP, server-sent events and sockets. A document is measured as it is written, before anything of it
runs; what is too much is refused as a whole with QUERY_TOO_COMPLEX. How often somebody may ask is another table:
[rates.md](rates.md).

${rows(limitTable)}

A page without a length has ${defaultPage} items. An object costs one point, its plain values nothing. A list without a page
costs as much as five items, or as many as is usual for it where that is more; \`planRun\` costs 2,600, so that it can be asked
once a request, a search through transcripts 500, and \`__schema\` and \`__type\` cost 1,000 each.

## Of sockets and streams

${rows(socketLimitTable)}

- One person has at most ${sockets} sockets open at a process (SOCKETS_PER_USER); a further one is closed with 1013, as is one of
  somebody who has no requests left or cannot be looked up now: try again later.
- One person follows at most ${(sockets * socketLimits.operations).toLocaleString('en-US')} streams at a process, ${socketLimits.operations} for each of those sockets, whether over them or over server-sent
  events; a further subscription is refused with TOO_MANY_OPERATIONS.
- Every ${pingMs / 1_000} s a socket is pinged (SOCKET_PING_MS); one that has not answered by the next ping is cut off. A client may ping, too.
- A query or mutation over a socket takes as long as over HTTP. A stream lasts as long as its token: over server-sent events it
  ends with FORBIDDEN; a socket closes with 4403, unless a ping with a new token renews it.

## What the transport adds

- A body has at most 1 MiB (MAX_BODY_BYTES: captions of three hours go in), arrives within 15 s (EXECUTION_TIMEOUT_MS)
  and pauses for 5 s at most.
- A process answers 100 requests at a time (REQUESTS_AT_ONCE), whatever they accept; more are OVERLOADED. One counts from when
  its body is there until its answer is made or its stream is open: nobody keeps others out by being slow.
- As many bodies may be on their way, and as many answers wait for their readers, a quarter of them from one address. Where
  there are more, the one that was waited for longest gives way. Nobody is waited for at an answer, or an event, for longer
  than 12 to 15 s (SLOW_READER_MS).
- Headers arrive within 15 s. A process holds 10,000 connections (CONNECTIONS_AT_ONCE); they are not bounded by address, which
  behind a proxy is the proxy's. Recordings may take as long as they like, without two minutes of silence.
- A query or mutation takes at most 15 s (EXECUTION_TIMEOUT_MS), then it is TIMED_OUT, and PostgreSQL ends its statement.
- No batches, no multipart bodies, no mutation by GET. What a browser would send to another site unasked (GET, forms, plain
  text) needs the header \`graphql-preflight: 1\` (or \`apollo-require-preflight\`).
- In production the schema is not shown and no fault suggests names of it (INTROSPECTION), and there is no GraphiQL (GRAPHIQL).
- With TRUSTED_DOCUMENTS only listed documents run. A client names one by \`documentId\`, as GraphQL over HTTP has it, or by the
  extension \`persistedQuery\` (\`{"version": 1, "sha256Hash": …}\`), which sockets pass on as well, with an empty \`query\`.
  Any other is PERSISTED_QUERY_NOT_FOUND.
`;

const sockets = Number(defaultOf(words.SOCKETS_PER_USER));
const pingMs = Number(defaultOf(words.SOCKET_PING_MS));

const rows = (limits: Readonly<Record<string, { readonly most: number; readonly about: string }>>): string =>
  table(
    ['Limit', 'At most', 'Of what'],
    Object.entries(limits).map(([name, { most, about }]) => [code(name), most.toLocaleString('en-US'), about]),
  );
