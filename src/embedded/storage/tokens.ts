import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { Problem } from '#base/problem.ts';
import { Refusal } from './refusal.ts';

/** What a signed link allows: one thing, on one object. */
interface Grant {
  readonly scope: 'download' | 'upload';
  /** `bucket/key`. */
  readonly url: string;
  /** Whether an upload may replace the object. */
  readonly upsert?: boolean;
}

/** Signs and checks the tokens of the endpoint. */
export interface Tokens {
  readonly serviceKey: string;
  sign(grant: Grant, lifeSeconds: number): Promise<string>;
  /** What a link's token allows, and its end. Throws InvalidJWT, or InvalidSignature for another object. */
  verify(token: string, wanted: Pick<Grant, 'scope'> & { url?: string }): Promise<Verified>;
  isServiceKey(token: string): Promise<boolean>;
}

type Verified = Required<Grant> & { readonly expiresAt: Date };

// The two kinds of token are signed with one secret, so each refuses the marks of the other.
const serviceClaims = z.object({ role: z.literal('service_role'), scope: z.undefined().optional() });
const grantClaims = z.object({
  scope: z.enum(['download', 'upload']),
  url: z.string(),
  upsert: z.boolean().default(false),
  exp: z.number(),
  role: z.undefined().optional(),
});

/** Opens the tokens of one secret (at least 32 bytes, else ENVIRONMENT_INVALID). */
export async function openTokens(secret: string): Promise<Tokens> {
  const key = keyOf(secret);
  return {
    serviceKey: await mintServiceKey(secret),
    sign: (grant, lifeSeconds) => sign(key, { ...grant }, lifeSeconds),
    async verify(token, wanted) {
      const claims = grantClaims.safeParse(await claimsOf(key, token));
      if (!claims.success || claims.data.scope !== wanted.scope) throw new Refusal('InvalidJWT');
      const { scope, url, upsert, exp } = claims.data;
      if (wanted.url !== undefined && url !== wanted.url) throw new Refusal('InvalidSignature');
      return { scope, url, upsert, expiresAt: new Date(exp * 1000) };
    },
    isServiceKey: async (token) => serviceClaims.safeParse(await claimsOf(key, token)).success,
  };
}

/** The key that may do everything. The same secret always gives the same key, so that every process can make it. */
export const mintServiceKey = (secret: string): Promise<string> => sign(keyOf(secret), { role: 'service_role' });

function keyOf(secret: string): Uint8Array {
  const key = new TextEncoder().encode(secret);
  if (key.length < 32) throw new Problem('ENVIRONMENT_INVALID', { list: 'STORAGE_SECRET: at least 32 bytes' });
  return key;
}

function sign(key: Uint8Array, claims: Record<string, unknown>, lifeSeconds?: number): Promise<string> {
  const token = new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'JWT' });
  if (lifeSeconds !== undefined) token.setIssuedAt().setExpirationTime(Math.floor(Date.now() / 1000) + lifeSeconds);
  return token.sign(key);
}

async function claimsOf(key: Uint8Array, token: string): Promise<unknown> {
  try {
    return (await jwtVerify(token, key, { algorithms: ['HS256'] })).payload;
  } catch (thrown) {
    if (thrown instanceof errors.JOSEError) throw new Refusal('InvalidJWT', thrown);
    throw thrown;
  }
}
