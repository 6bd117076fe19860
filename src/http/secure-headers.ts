import type { Env } from '#base/env.ts';

/**
 * What every answer tells browsers: it is no page, loads nothing, stands in nobody's frame and is what its type says.
 * Parts that serve something else (GraphiQL, stored files) say so themselves.
 */
export function secureHeaders(env: Pick<Env, 'production' | 'https' | 'PUBLIC_URL'>): Readonly<Record<string, string>> {
  // Never in development: a browser would ask for HTTPS at every port of localhost for as long.
  const onlyHttps = env.production && (env.PUBLIC_URL?.startsWith('https:') ?? env.https);
  return {
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    ...(onlyHttps && { 'strict-transport-security': 'max-age=31536000; includeSubDomains' }),
  };
}
