import { keysOf } from '#base/record.ts';
import { defaultPage, limitTable } from '#graph/limits.ts';
import { code, table } from './table.ts';

/** docs/limits.md, printed from the table of limits. */
export const limitsPage = (): string => `# How much one request may ask for

Printed from \`src/graph/limits.ts\` by \`npm run docs\`; change it there.

The same holds over HTTP, server-sent events and sockets. A document is measured as it is written, before anything of it
runs; what is too much is refused as a whole with QUERY_TOO_COMPLEX. How often somebody may ask is another table:
[rates.md](rates.md).

${table(
  ['Limit', 'At most', 'Of what'],
  keysOf(limitTable).map((name) => [code(name), limitTable[name].most.toLocaleString('en-US'), limitTable[name].about]),
)}

A page without a length has ${defaultPage} items. An object costs one point, its plain values nothing. A list without a page
costs as much as five items, or as many as is usual for it where that is more; \`planRun\` costs 2,600, so that it can be asked
once a request, and \`__schema\` and \`__type\` cost 1,000 each.

## What the transport adds

- A body has at most 1 MiB (MAX_BODY_BYTES: captions of three hours go in), arrives within 15 s (EXECUTION_TIMEOUT_MS)
  and pauses for 5 s at most; a message on a socket has at most 64 KiB.
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
