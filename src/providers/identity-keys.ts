import { createPublicKey, type KeyObject } from 'node:crypto';
import { createLocalJWKSet, createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import { Problem } from '#base/problem.ts';

/** Where the public keys of tokens come from: a PEM, without the network, or the provider's published set. */
export type TokenKeys =
  | { readonly jwtKey: string }
  | { readonly jwksUrl: string; readonly secretKey?: string | undefined };

const fetchMs = 5_000;
/** A set is fetched anew when it is this old, so that a key that was withdrawn is noticed. */
const freshMs = 10 * 60_000;
/** Tokens that name unknown keys make us ask at most this often: anybody can send such tokens. */
const cooldownMs = 30_000;
/** Where the last fetch failed, the next is tried after this, not with each request. */
const retryMs = 5_000;
/** How long after it was fetched the last set holds while a newer one cannot be. */
const staleMs = 60 * 60_000;

/** Keys by which jose verifies tokens. Throws ENVIRONMENT_INVALID for a PEM that is no RSA public key. */
export const verificationKeys = (keys: TokenKeys): JWTVerifyGetKey =>
  'jwtKey' in keys ? fixedKey(pemFrom(keys.jwtKey)) : fetchedKeys(keys);

const fixedKey = (key: KeyObject) => async () => key;

/** Environment files carry a PEM on one line, with literal \n in it. */
function pemFrom(jwtKey: string): KeyObject {
  try {
    const key = createPublicKey(jwtKey.replaceAll('\\n', '\n'));
    if (key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048) return key;
  } catch (error) {
    throw unusable('CLERK_JWT_KEY: not a public key in PEM form', error);
  }
  throw unusable('CLERK_JWT_KEY: must be an RSA key of at least 2048 bits');
}

const unusable = (list: string, cause?: unknown): Problem => new Problem('ENVIRONMENT_INVALID', { list }, cause);

/**
 * Twenty first requests at once are one fetch, and tokens of unknown keys none for half a minute: the vendor's own cache
 * fetches for each of them.
 */
function fetchedKeys({ jwksUrl, secretKey }: Extract<TokenKeys, { jwksUrl: string }>): JWTVerifyGetKey {
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let triedAt = Number.NEGATIVE_INFINITY;
  const remote = createRemoteJWKSet(new URL(jwksUrl), {
    timeoutDuration: fetchMs,
    cacheMaxAge: freshMs,
    cooldownDuration: cooldownMs,
    [customFetch]: async (url, options) => {
      const answer = await fetch(url, options);
      // Anything else is no set, and the one before it stays.
      if (answer.status === 200) fetchedAt = performance.now();
      return answer;
    },
    ...(secretKey !== undefined && { headers: { authorization: `Bearer ${secretKey}` } }),
  });
  return async (header, token) => {
    const now = performance.now();
    try {
      if (now - triedAt < retryMs) throw new TypeError('the keys could not be fetched a moment ago');
      return await remote(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      if (now - triedAt >= retryMs) triedAt = now;
      const known = now - fetchedAt < staleMs && remote.jwks();
      if (known) return createLocalJWKSet(known)(header, token);
      throw new Problem('PROVIDER_UNAVAILABLE', { provider: 'identity' }, error);
    }
  };
}
