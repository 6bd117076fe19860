import { permissionNames, permissionOf } from '#graph/permissions.ts';
import { type RateName, rateNames, rates } from '#graph/rates.ts';
import { code, table } from './table.ts';

/** docs/rates.md, printed from the tables of rates and permissions. */
export const ratesPage = (): string => `# How often

Printed from \`src/graph/rates.ts\` and \`src/graph/permissions.ts\` by \`npm run docs\`; change it there.

${table(['Rate', 'At most', 'In', 'Counts'], rateNames.map(rowOf))}

A window begins with the first thing that is counted in it. A signed-in caller is counted as one, from wherever they ask
and with whatever token or key; requests without a token that holds are counted by address, of IPv6 by its network of 64
bits. Behind proxies set \`TRUST_PROXY\` to how many there are.

Over HTTP each request counts, on a socket the opening and each operation. A request too many is answered with 429,
\`Retry-After\` and the code RATE_LIMITED; an operation too many with that code and \`retryAfterMs\`; a mutation too many with
a \`RateLimitError\` in its payload. Answers over HTTP carry \`RateLimit\` and \`RateLimit-Policy\`; \`Query.rateLimit\` tells
the same.

Counts are kept in the database, or in Redis where \`REDIS_URL\` is set. While that cannot be reached each process counts for
itself. \`RATE_LIMITS=off\` counts nothing.
`;

function rowOf(name: RateName): string[] {
  const { most, seconds, what } = rates[name];
  const mutations = permissionNames.filter((mutation) => permissionOf(mutation).rate === name);
  return [code(name), `${most} ${what}`, `${seconds} s`, mutations.map(code).join(', ') || 'everything'];
}
