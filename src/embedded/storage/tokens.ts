import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { Problem } from '#base/problem.ts';
import { Refusal } from './refusal.ts';

/** What a signed link allows: one thing, on one object. `url` is `bucket/key`. */
type Grant = { readonly scope: 'download'; readonly url: string } | ({ readonly scope: 'upload' } & UploadGrant);

interface UploadGrant {
  readonly url: string;
  /** Whether the upload may replace the object. */
  readonly upsert: boolean;
  /** As many bytes as were announced: the upload may have no more. */
  readonly sizeBytes: number;
}

/** Signs and checks the tokens of the endpoint. Without `url` a token of any object is accepted. */
export interface Tokens {
  readonly serviceKey: string;
  sign(grant: Grant, lifeSeconds: number): Promise<string>;
  /** What a link's token allows. Throws InvalidJWT, or InvalidSignature for another object. */
  verifyUpload(token: string, url?: string): Promise<UploadGrant>;
  /** When a link's token ends. Throws InvalidJWT, or InvalidSignature for another object. */
  verifyDownload(token: string, url: string): Promise<{ readonly expiresAt: Date }>;
  isServiceKey(token: string): Promise<boolean>;
}

// The two kinds of token are signed with one secret, so each refuses the marks of the other.
const serviceClaims = z.object({ role: z.literal('service_role'), scope: z.undefined().optional() });
const linkClaims = z.object({ url: z.string(), exp: z.number(), role: z.undefined().optional() });
const downloadClaims = linkClaims.extend({ scope: z.literal('download') });
const uploadClaims = linkClaims.extend({
  scope: z.literal('upload'),
  upsert: z.boolean().default(false),
  sizeBytes: z.int().min(1),
});

/** Opens the tokens of one secret (at least 32 bytes, else ENVIRONMENT_INVALID). */
export async function openTokens(secret: string): Promise<Tokens> {
  const key = keyOf(secret);
  return {
    serviceKey: await mintServiceKey(secret),
    sign: (grant, lifeSeconds) => sign(key, { ...grant }, lifeSeconds),
    verifyUpload: (token, url) => verified({ key, claims: uploadClaims, url }, token),
    async verifyDownload(token, url) {
      const { exp } = await verified({ key, claims: downloadClaims, url }, token);
      return { expiresAt: new Date(exp * 1000) };
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

interface Wanted<T> {
  readonly key: Uint8Array;
  readonly claims: z.ZodType<T>;
  readonly url: string | undefined;
}

async function verified<T extends { url: string }>({ key, claims, url }: Wanted<T>, token: string): Promise<T> {
  const found = claims.safeParse(await claimsOf(key, token));
  if (!found.success) throw new Refusal('InvalidJWT');
  if (url !== undefined && found.data.url !== url) throw new Refusal('InvalidSignature');
  return found.data;
}

async function claimsOf(key: Uint8Array, token: string): Promise<unknown> {
  try {
    return (await jwtVerify(token, key, { algorithms: ['HS256'] })).payload;
  } catch (thrown) {
    if (thrown instanceof errors.JOSEError) throw new Refusal('InvalidJWT', thrown);
    throw thrown;
  }
}
