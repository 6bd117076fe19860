import type { Problem } from '#base/problem.ts';
import { redactJson } from '#base/redact.ts';
import type { Prisma } from '#generated/prisma/client.ts';

const deepest = 6;
const longestText = 800;
const mostCharacters = 8_000;

/**
 * A problem as those who look after the deployment read it: code, facts, and the names and sentences of all its causes.
 * Signed links and tokens are redacted; at most 8,000 characters, without the facts where they alone are more.
 */
export function errorFactsOf(problem: Problem): Prisma.InputJsonObject {
  const told = { code: problem.code, message: problem.message, causes: causesOf(problem.cause) };
  const whole = jsonOf({ ...told, facts: problem.facts });
  const facts: Prisma.InputJsonObject = JSON.parse(
    redactJson(whole !== null && whole.length <= mostCharacters ? whole : (jsonOf(told) ?? '{}')),
  );
  return facts;
}

/** Null for facts that hold themselves. */
function jsonOf(value: object): string | null {
  try {
    return JSON.stringify(value, plain).replace(escapes, (escape) => (unstorable.test(escape) ? '' : escape));
  } catch {
    return null;
  }
}

const escapes = /\\(?:u[0-9a-f]{4}|.)/g;
/** PostgreSQL's JSON knows no NUL and no half of a surrogate pair. */
const unstorable = /^\\u(?:0000|d[89a-f])/;

/** JSON knows no bigint. */
function plain(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  return typeof value === 'string' ? value.slice(0, longestText) : value;
}

function causesOf(thrown: unknown): { name: string; message: string; code?: string }[] {
  const causes: { name: string; message: string; code?: string }[] = [];
  for (let cause = thrown; cause !== undefined && causes.length < deepest; ) {
    if (!(cause instanceof Error))
      return [...causes, { name: typeof cause, message: typeof cause === 'string' ? cause : '' }];
    const code = 'code' in cause && typeof cause.code === 'string' ? { code: cause.code } : {};
    causes.push({ name: cause.name, message: cause.message, ...code });
    cause = cause.cause;
  }
  return causes;
}
