import { words } from '#base/env-words.ts';
import { keysOf } from '#base/record.ts';
import { allowedBy, defaultOf } from './env-word.ts';
import { code, table } from './table.ts';

const names = keysOf(words);

/** docs/environment.md, printed from the table of the environment's words. */
export const environmentPage = (): string => `# The environment

Printed from \`src/base/env-words.ts\` by \`npm run docs\`; change it there. [.env.example](../.env.example) has the same words.

Every process reads these words once, at its start, and says all faults at once. An empty value counts as unset. The npm
scripts read a \`.env\` file in the folder they run in, if there is one.

${table(['Word', 'Allowed', 'Default', 'About'], names.map(rowOf))}

A word marked *secret* is never printed or logged.

In production (NODE_ENV=production) DATABASE_URL, one of CLERK_JWT_KEY, CLERK_JWKS_URL and CLERK_SECRET_KEY with the issuer,
CLERK_AUTHORIZED_PARTIES and, without a Supabase project, STORAGE_SECRET are required.
`;

function rowOf(name: keyof typeof words): string[] {
  const { about, secret } = words[name];
  return [code(name), allowedBy(words[name]), code(defaultOf(words[name])), secret ? `${about} *Secret.*` : about];
}

/** .env.example: every word with its default, commented out. */
export const environmentExample =
  (): string => `# The environment of Offprint: copy to .env and fill in what differs from the defaults.
# Printed from src/base/env-words.ts by npm run docs; docs/environment.md says what each word allows.

${names.map((name) => `# ${words[name].about}\n# ${name}=${defaultOf(words[name])}\n`).join('\n')}`;
