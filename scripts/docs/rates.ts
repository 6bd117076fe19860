import { permissionNames, permissionOf } from '#graph/permissions.ts';
import { type RateName, rateNames, rates } from '#graph/rates.ts';
import { code, table } from './table.ts';

/** docs/rates.md, printed from the tables of rates and permissions. */
export const ratesPage = (): string => `# How often

Printed from \`src/graph/rates.ts\` and \`src/graph/permissions.ts\` by \`npm run docs\`; change it there.

${table(['Rate', 'At most', 'In', 'Counts'], rateNames.map(rowOf))}

A window begins with the first thing that is counted in it. A signed-in caller is counted as one, from wherever they ask
and with whatever token or key, and once more with all the signed-in of their address: thirty people at their full rate, or
a hundred who ask every two seconds. Requests without a token that holds are counted by address alone. Of IPv6 an address
is its network of 64 bits. Behind proxies set \`TRUST_PROXY\` to how many there are, or everybody has the address of a proxy.

Over HTTP each request counts, on a socket the opening and each operation; the ping with a new token takes nothing and is
never refused for want of requests. A request too many is answered with 429, \`Retry-After\` and the code RATE_LIMITED; an
operation too many with that code and \`retryAfterMs\`; a mutation too many with a \`RateLimitError\` in its payload. Answers
over HTTP carry \`RateLimit\` and \`RateLimit-Policy\` of the tighter count; \`Query.rateLimit\` tells the same.

An address that sent as many tokens that do not hold as it may send requests has further ones refused unread. Not so
tokens that held before, nor the next ones of the same sessions.

Counts are kept in the database, or in Redis where \`REDIS_URL\` is set. While that cannot be reached each process counts for
itself. \`RATE_LIMITS=off\` counts nothing.
`;

/** What no row of the table of permissions says. */
const counted: Partial<Record<RateName, string>> = {
  request: 'everything, by person; by address where nobody is signed in',
  address: 'everything of the signed-in, by address',
};

function rowOf(name: RateName): string[] {
  const { most, seconds, what } = rates[name];
  const mutations = permissionNames.filter((mutation) => permissionOf(mutation).rate === name);
  return [
    code(name),
    `${most.toLocaleString('en')} ${what}`,
    `${seconds} s`,
    counted[name] ?? mutations.map(code).join(', '),
  ];
}
