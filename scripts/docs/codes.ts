import { codes, topCodes } from '#graph/codes.ts';
import { code, table } from './table.ts';

/** docs/codes.md, printed from the table of codes at the top of an answer. */
export const codesPage = (): string => `# Codes at the top of an answer

Printed from \`src/graph/codes.ts\` by \`npm run docs\`; change it there.

\`errors[].extensions.code\` says why a request, or a field of it, was not answered: over HTTP, in streams and on sockets
alike, and never by another code than these. What is against a change is no error of the request; that is in the \`errors\` of
the mutation's payload ([problems.md](problems.md)).

${table(['Code', 'What happened', 'What to do', 'HTTP'], topCodes.map(rowOf))}

- **HTTP** is the status for who accepts \`application/graphql-response+json\`. For who accepts \`application/json\` a document
  or variables that do not fit have 200 instead of 400, as older clients expect.
- A stream of server-sent events says it in its last event, mostly under 200: its status was sent before. On a socket it comes
  in an \`error\` message, or beside the data in \`next\`; who may not come in at all is told by the code that closes it.
- Beside data each error has the \`path\` of its field. The same code can stand there and alone.
- \`correlationId\` is always there, \`retryAfterMs\` where it is known how long to wait.
- Where \`Accept\` names no type that we have, the answer is 406 without a body.
`;

function rowOf(name: keyof typeof codes): string[] {
  const { means, remedy, status } = codes[name];
  return [code(name), means, remedy, status.join(', ')];
}
