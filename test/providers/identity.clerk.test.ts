import { createSecretKey, generateKeyPairSync } from 'node:crypto';
import { type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { Problem } from '#base/problem.ts';
import { clerkIdentity } from '#providers/identity.clerk.ts';

const issuer = 'https://clerk.example.com';
const party = 'https://studio.example.com';
const ours = generateKeyPairSync('rsa', { modulusLength: 2048 });
const theirs = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwtKey = ours.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const identity = clerkIdentity({ jwtKey, issuer, authorizedParties: [party] });

const now = Math.floor(Date.now() / 1000);
const good: JWTPayload = {
  iss: issuer,
  sub: 'user_1',
  sid: 'sess_1',
  azp: party,
  iat: now,
  nbf: now - 5,
  exp: now + 60,
};

const sign = (changes: JWTPayload = {}, key = ours.privateKey): Promise<string> =>
  new SignJWT({ ...good, ...changes }).setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: 'any' }).sign(key);

const without = (claim: string): Promise<string> => sign({ [claim]: undefined });

describe('a token that is refused', () => {
  const refused: [why: string, token: () => Promise<string> | string][] = [
    ['has expired', () => sign({ exp: now - 10 })],
    ['is not valid yet', () => sign({ nbf: now + 60 })],
    ['is signed with another key', () => sign({}, theirs.privateKey)],
    ['is not signed at all (alg none)', () => new UnsecuredJWT(good).encode()],
    ['uses the public key as a shared secret (HS256)', () => withSharedSecret()],
    [
      'was changed after it was signed',
      async () => (await sign()).replace(/\.[^.]+\./, `.${encoded({ sub: 'user_2' })}.`),
    ],
    ['was made for another party', () => sign({ azp: 'https://evil.example.com' })],
    ['names no party', () => without('azp')],
    ['comes from another issuer', () => sign({ iss: 'https://evil.example.com' })],
    ['names no issuer', () => without('iss')],
    ['belongs to a pending session', () => sign({ sts: 'pending' })],
    ['names no session', () => without('sid')],
    ['names no user', () => without('sub')],
    ['never expires', () => without('exp')],
    ['does not say when it was made', () => without('iat')],
    [
      'is of another type (OAuth)',
      () => new SignJWT(good).setProtectedHeader({ alg: 'RS256', typ: 'at+jwt' }).sign(ours.privateKey),
    ],
    ['has an organisation of another shape', () => sign({ o: 'org_1' })],
    ['is no token', () => 'garbage'],
    ['has three parts of garbage', () => 'a.b.c'],
    ['is empty', () => ''],
  ];
  test.each(refused)('%s', async (_why, token) => {
    expect(await identity.verify(await token())).toBeNull();
  });
});

describe('a token that is accepted', () => {
  const accepted: [what: string, claims: JWTPayload, organization: unknown][] = [
    ['has no active organisation', {}, null],
    ['has the organisation of version 2', { v: 2, o: { id: 'org_1', rol: 'admin', slg: 'one' } }, one('one')],
    ['has the organisation of version 1', { org_id: 'org_1', org_role: 'org:admin', org_slug: 'one' }, one('one')],
    ['comes from an instance without slugs', { v: 2, o: { id: 'org_1', rol: 'admin' } }, one('org_1')],
    ['belongs to an active session', { sts: 'active' }, null],
  ];
  test.each(accepted)('%s', async (_what, claims, organization) => {
    expect(await identity.verify(await sign(claims))).toEqual({
      userId: 'user_1',
      sessionId: 'sess_1',
      displayName: null,
      email: null,
      organization,
      issuedAt: new Date(now * 1000),
      expiresAt: new Date((now + 60) * 1000),
    });
  });

  test('tells the name of its user where the instance adds it', async () => {
    expect(await identity.verify(await sign({ name: 'Ada' }))).toMatchObject({ displayName: 'Ada' });
  });

  test.each([
    [{ email: 'Ada@Example.com', email_verified: true }, 'ada@example.com'],
    [{ email: 'ada@example.com', email_verified: false }, null],
    [{ email: 'ada@example.com' }, null],
    [{ email: 'ada', email_verified: true }, null],
    [{ email: 'ada@example.com', email_verified: 'true' }, null],
  ])('with %j speaks for the address %s', async (added, email) => {
    expect(await identity.verify(await sign(added))).toMatchObject({ email });
  });

  test('passes with a longer key', async () => {
    const longer = generateKeyPairSync('rsa', { modulusLength: 3072 });
    const jwtKey = longer.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const other = clerkIdentity({ jwtKey, issuer, authorizedParties: [party] });
    expect(await other.verify(await sign({}, longer.privateKey))).toMatchObject({ userId: 'user_1' });
  });

  test('passes with a key that was written on one line', async () => {
    const oneLine = clerkIdentity({ jwtKey: jwtKey.replaceAll('\n', '\\n'), issuer, authorizedParties: [party] });
    expect(await oneLine.verify(await sign())).toMatchObject({ userId: 'user_1' });
  });
});

describe('options with which no token could ever pass are refused', () => {
  const bits = (length: number): string =>
    generateKeyPairSync('rsa', { modulusLength: length }).publicKey.export({ type: 'spki', format: 'pem' }).toString();
  test.each([
    ['no party', { jwtKey, authorizedParties: [] }],
    ['a key that is none', { jwtKey: 'sk_live_123', authorizedParties: [party] }],
    ['a key that is too short', { jwtKey: bits(1024), authorizedParties: [party] }],
  ])('%s', (_what, options) => {
    expect(() => clerkIdentity({ issuer, ...options })).toThrow(Problem);
  });
});

function withSharedSecret(): Promise<string> {
  return new SignJWT(good).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(createSecretKey(Buffer.from(jwtKey)));
}

function encoded(changes: JWTPayload): string {
  return Buffer.from(JSON.stringify({ ...good, ...changes })).toString('base64url');
}

function one(slug: string): unknown {
  return { id: 'org_1', slug, role: 'admin' };
}
