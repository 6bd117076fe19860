import path from 'node:path';
import type { z } from 'zod';
import { words } from './env-words.ts';
import { Problem } from './problem.ts';
import { keysOf } from './record.ts';

type Words = typeof words;
type Values = { readonly [Name in keyof Words]: z.output<Words[Name]['type']> };

/** The environment, checked and typed. `home` and `workDir` are absolute. */
export interface Env extends Values {
  readonly home: string;
  readonly workDir: string | undefined;
  readonly production: boolean;
  readonly introspection: boolean;
  /** Whether the API itself answers by HTTPS. */
  readonly https: boolean;
  /** Whether tokens are those of a Clerk instance, and not of the development keys. */
  readonly clerk: boolean;
  readonly graphiql: boolean;
}

/** Reads the environment once. Throws ENVIRONMENT_INVALID with every fault at once, each with what it allows. */
export function envFrom(source: Record<string, string | undefined> = process.env): Env {
  const faults: string[] = [];
  const entries = keysOf(words).map((name) => {
    const parsed = words[name].type.safeParse(source[name] || undefined);
    if (!parsed.success) faults.push(`${name}: ${parsed.error.issues.map((issue) => issue.message).join('; ')}`);
    return [name, parsed.data] as const;
  });
  // Each name has what its own type parsed; with faults the values go nowhere but into the refusal.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const values = Object.fromEntries(entries) as unknown as Values;
  if (faults.length === 0) faults.push(...contradictions(values));
  if (faults.length > 0) throw new Problem('ENVIRONMENT_INVALID', { list: faults.join('\n') });
  const production = values.NODE_ENV === 'production';
  const wanted = (word: Values['GRAPHIQL']): boolean => (word === 'auto' ? !production : word === 'on');
  return {
    ...values,
    home: path.resolve(values.OFFPRINT_HOME),
    workDir: values.WORK_DIR === undefined ? undefined : path.resolve(values.WORK_DIR),
    production,
    https: values.HTTPS !== 'off' || values.HTTPS_CERT_FILE !== undefined,
    introspection: wanted(values.INTROSPECTION),
    clerk: hasClerk(values),
    graphiql: wanted(values.GRAPHIQL),
  };
}

/** Whether a Clerk instance is configured. */
const hasClerk = (env: Pick<Values, 'CLERK_JWT_KEY' | 'CLERK_JWKS_URL' | 'CLERK_SECRET_KEY'>): boolean =>
  Boolean(env.CLERK_JWT_KEY ?? env.CLERK_JWKS_URL ?? env.CLERK_SECRET_KEY);

/** An https address whose host is none of this machine and none of a development instance. */
function isPublic(address: string): boolean {
  const url = URL.parse(address);
  return url?.protocol === 'https:' && !/(^|\.)(invalid|localhost)$|^127\.|^\[/.test(url.hostname);
}

function contradictions(env: Values): string[] {
  const faults: string[] = [];
  if (Boolean(env.SUPABASE_URL) !== Boolean(env.SUPABASE_SERVICE_ROLE_KEY)) {
    faults.push('SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY: set both or none');
  }
  if (hasClerk(env) && !env.CLERK_JWT_ISSUER)
    faults.push('CLERK_JWT_ISSUER: required with CLERK_JWT_KEY, CLERK_JWKS_URL or CLERK_SECRET_KEY');
  if (Boolean(env.HTTPS_KEY_FILE) !== Boolean(env.HTTPS_CERT_FILE)) {
    faults.push('HTTPS_KEY_FILE and HTTPS_CERT_FILE: set both or none');
  }
  if (env.SPEECH_TO_TEXT === 'openai' && !env.OPENAI_API_KEY)
    faults.push('OPENAI_API_KEY: required by SPEECH_TO_TEXT=openai');
  if (env.LANGUAGE_MODEL === 'openai' && !env.OPENAI_API_KEY)
    faults.push('OPENAI_API_KEY: required by LANGUAGE_MODEL=openai');
  if (env.NODE_ENV !== 'production') return faults;
  if (!env.DATABASE_URL) faults.push('DATABASE_URL: required in production');
  if (env.HTTPS === 'self-signed') faults.push('HTTPS: self-signed is refused in production');
  if (env.WEBHOOK_ALLOW_PRIVATE) faults.push('WEBHOOK_ALLOW_PRIVATE: refused in production');
  if (!hasClerk(env)) faults.push('CLERK_JWT_KEY: required in production, or CLERK_JWKS_URL, or CLERK_SECRET_KEY');
  if (env.CLERK_AUTHORIZED_PARTIES.length === 0) faults.push('CLERK_AUTHORIZED_PARTIES: required in production');
  if (env.CLERK_JWT_ISSUER !== undefined && !isPublic(env.CLERK_JWT_ISSUER))
    faults.push('CLERK_JWT_ISSUER: a development issuer is refused in production');
  if (!env.CLERK_AUTHORIZED_PARTIES.every(isPublic))
    faults.push('CLERK_AUTHORIZED_PARTIES: must be https origins in production');
  if (env.CLERK_JWKS_URL !== undefined && !isPublic(env.CLERK_JWKS_URL))
    faults.push('CLERK_JWKS_URL: must be an https address in production');
  if (!env.SUPABASE_URL && !env.STORAGE_SECRET)
    faults.push('STORAGE_SECRET: required in production with the embedded storage');
  return faults;
}

/** The environment for a process that we start: ours with some words changed; an empty text unsets one. */
export const environmentWith = (changes: Partial<Record<keyof Words, string>>): Record<string, string | undefined> => ({
  ...process.env,
  ...changes,
});
