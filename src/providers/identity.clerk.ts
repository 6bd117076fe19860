import { createPublicKey } from 'node:crypto';
import { verifyToken } from '@clerk/backend';
import { z } from 'zod';
import { Problem } from '#base/problem.ts';
import type { Identity, Session } from './identity.ts';

/** What a token must agree with. `jwtKey` is the instance's public key (PEM, RSA-2048), so no network is needed. */
export interface ClerkOptions {
  readonly jwtKey: string;
  readonly issuer: string;
  readonly authorizedParties: readonly string[];
}

const text = z.string().min(1);

/** Claims of a session token, version 2 (`o`) and version 1 (`org_*`). */
const claims = z.object({
  iss: text,
  sub: text,
  sid: text,
  azp: text,
  exp: z.number(),
  // "pending" is a user who has not finished signing in, such as choosing an organisation.
  sts: z.literal('active').optional(),
  name: text.optional().catch(undefined),
  o: z.object({ id: text, rol: text, slg: text.optional() }).optional(),
  org_id: text.optional(),
  org_role: text.optional(),
  org_slug: text.optional(),
});
type Claims = z.output<typeof claims>;

/**
 * Identity by Clerk's session tokens, checked without the network (0.4 ms). verifyToken checks signature, algorithm
 * and times; it accepts any issuer, a pending session, and, where no parties are given, any party: those are checked here.
 * Throws ENVIRONMENT_INVALID when nothing could ever pass: a key that is none, or no party.
 */
export function clerkIdentity({ jwtKey, issuer, authorizedParties }: ClerkOptions): Identity {
  const options = { jwtKey: pemFrom(jwtKey), authorizedParties: [...authorizedParties] };
  if (authorizedParties.length === 0) throw unusable('CLERK_AUTHORIZED_PARTIES: required with CLERK_JWT_KEY');
  return {
    async verify(token) {
      const payload: unknown = await verifyToken(token, options).catch(() => undefined);
      const { data } = claims.safeParse(payload);
      if (!data || data.iss !== issuer || !authorizedParties.includes(data.azp)) return null;
      return sessionOf(data);
    },
  };
}

/** Environment files carry a PEM on one line; with literal \n in it every signature is refused, as with another length. */
function pemFrom(jwtKey: string): string {
  const pem = jwtKey.replaceAll('\\n', '\n');
  try {
    if (createPublicKey(pem).asymmetricKeyDetails?.modulusLength === 2048) return pem;
  } catch (error) {
    throw unusable('CLERK_JWT_KEY: not a public key in PEM form', error);
  }
  throw unusable('CLERK_JWT_KEY: must be an RSA key of 2048 bits');
}

const unusable = (list: string, cause?: unknown): Problem => new Problem('ENVIRONMENT_INVALID', { list }, cause);

const sessionOf = (data: Claims): Session => ({
  userId: data.sub,
  sessionId: data.sid,
  displayName: data.name ?? null,
  organization: organizationOf(data),
  expiresAt: new Date(data.exp * 1000),
});

/** Version 1 writes roles as `org:admin`, version 2 as `admin`. An instance may have slugs switched off. */
function organizationOf({ o, org_id: id, org_role: role, org_slug: slug }: Claims): Session['organization'] {
  if (o) return { id: o.id, slug: o.slg ?? o.id, role: bareRole(o.rol) };
  if (id && role) return { id, slug: slug ?? id, role: bareRole(role) };
  return null;
}

const bareRole = (role: string): string => role.replace(/^org:/, '');
