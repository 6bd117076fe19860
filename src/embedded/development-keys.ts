import { createHash } from 'node:crypto';
import path from 'node:path';
import { exportPKCS8, exportSPKI, generateKeyPair, importPKCS8, SignJWT } from 'jose';
import { z } from 'zod';
import type { Env } from '#base/env.ts';
import { Problem } from '#base/problem.ts';
import { createdOnce } from './created-once.ts';

/** Whom a development token speaks for. `role` is `admin` unless said, `ttlSeconds` an hour. */
interface TokenClaims {
  readonly user: string;
  readonly workspace: string;
  readonly role?: string;
  readonly ttlSeconds?: number;
  readonly name?: string;
  /** Counts as verified. */
  readonly email?: string;
}

/** A key pair that stands where a Clerk instance's would: what is signed with it goes through the same verification. */
export interface DevelopmentKeys {
  readonly jwtKey: string;
  readonly issuer: string;
  readonly authorizedParties: readonly string[];
  /** Signs a Clerk session token (version 2). */
  mint(claims: TokenClaims): Promise<string>;
}

// The names end in .invalid, which no real instance can have and which production refuses as an issuer.
const issuer = 'https://dev.offprint.invalid';
const party = 'https://studio.offprint.invalid';

/** Opens the development keys of a home, made at first use (RSA-2048, readable by their owner only). Throws in production. */
export async function openDevelopmentKeys(env: Pick<Env, 'home' | 'production'>): Promise<DevelopmentKeys> {
  if (env.production) throw new Problem('ENVIRONMENT_INVALID', { list: 'CLERK_JWT_KEY: required in production' });
  const file = path.join(env.home, 'development-keys.json');
  const pair = pairShape.parse(JSON.parse(await createdOnce(file, createPair)));
  const key = await importPKCS8(pair.privateKey, 'RS256');
  return {
    jwtKey: pair.publicKey,
    issuer,
    authorizedParties: [party],
    mint: (claims) =>
      new SignJWT(sessionClaims(claims))
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: 'development' })
        .setIssuer(issuer)
        .setSubject(`user_${claims.user}`)
        .setIssuedAt()
        .setNotBefore('-10s')
        .setExpirationTime(`${claims.ttlSeconds ?? 3600}s`)
        .sign(key),
  };
}

/** The same names give the same user, session and organisation every time. */
function sessionClaims({ user, workspace, role = 'admin', name = user, email }: TokenClaims): Record<string, unknown> {
  const session = createHash('sha256').update(`${user}\n${workspace}`).digest('hex').slice(0, 24);
  return {
    v: 2,
    azp: party,
    sid: `sess_${session}`,
    sts: 'active',
    fva: [0, -1],
    name,
    ...(email !== undefined && { email, email_verified: true }),
    o: { id: `org_${workspace}`, rol: role, slg: workspace },
  };
}

const pairShape = z.object({ privateKey: z.string().min(1), publicKey: z.string().min(1) });

async function createPair(): Promise<string> {
  const keys = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
  const pair = { privateKey: await exportPKCS8(keys.privateKey), publicKey: await exportSPKI(keys.publicKey) };
  return JSON.stringify(pair);
}
