import type { Env } from '#base/env.ts';

/**
 * Whether a socket may be opened from a page of this origin: browsers ask nobody before they do, as they do for HTTP.
 * What is not a browser names no origin.
 */
export const isOriginAllowed = (
  origin: string | undefined,
  { CORS_ORIGINS, PUBLIC_URL }: Pick<Env, 'CORS_ORIGINS' | 'PUBLIC_URL'>,
): boolean =>
  origin === undefined ||
  CORS_ORIGINS.includes('*') ||
  CORS_ORIGINS.includes(origin) ||
  (PUBLIC_URL !== undefined && origin === new URL(PUBLIC_URL).origin);
