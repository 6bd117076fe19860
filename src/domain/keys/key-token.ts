import { createHash, randomBytes } from 'node:crypto';

/** `ofp_`, eight signs by which people tell keys apart, and 256 random bits. */
const form = /^ofp_[a-z2-7]{8}_[\w-]{43}$/;

/** A new key's secret: shown once, and only its hash is kept. */
interface NewToken {
  readonly token: string;
  readonly prefix: string;
  readonly hash: Uint8Array<ArrayBuffer>;
}

/** Makes the token of a new key. */
export function newKeyToken(): NewToken {
  const prefix = `ofp_${base32(randomBytes(8))}`;
  const token = `${prefix}_${randomBytes(32).toString('base64url')}`;
  return { token, prefix, hash: keyHash(token) };
}

/** Whether a bearer token claims to be an API key. */
export const isKeyToken = (token: string): boolean => form.test(token);

/** One hash suffices: nobody can try out 256 bits, so that a slow one would only make each request slow. */
export const keyHash = (token: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(createHash('sha256').update(token).digest());

const signs = 'abcdefghijklmnopqrstuvwxyz234567';

const base32 = (bytes: Buffer): string => Array.from(bytes, (byte) => signs[byte % signs.length]).join('');
