import { z } from 'zod';

const claims = z.object({ sid: z.string().min(1).max(200), exp: z.number() });

/** What a session token claims of itself, read without checking it: whose it is, and when it ends. */
export type Claims = z.output<typeof claims>;

/** The claims of an authorization; null for what is no session token, such as an API key. */
export function claimsOf(authorization: string): Claims | null {
  const payload = /^Bearer [\w-]+\.([\w-]{1,8000})\.[\w-]+$/i.exec(authorization)?.[1];
  if (payload === undefined) return null;
  try {
    return claims.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString())).data ?? null;
  } catch {
    return null;
  }
}
