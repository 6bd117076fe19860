import { jwtVerify } from 'jose';
import { z } from 'zod';
import { Problem } from '#base/problem.ts';
import type { Identity, Session } from './identity.ts';
import { type TokenKeys, verificationKeys } from './identity-keys.ts';

/** What a token must agree with. */
export type ClerkOptions = TokenKeys & { readonly issuer: string; readonly authorizedParties: readonly string[] };

/** Of clocks that differ, in seconds. */
const toleranceSeconds = 5;

const text = z.string().min(1);

/** Claims of a session token, version 2 (`o`) and version 1 (`org_*`). `email` stands where the instance is told to add it. */
const claims = z.object({
  sub: text,
  sid: text,
  azp: text,
  iat: z.number(),
  exp: z.number(),
  // "pending" is a user who has not finished signing in, such as choosing an organisation.
  sts: z.literal('active').optional(),
  name: text.optional().catch(undefined),
  email: z.email().optional().catch(undefined),
  email_verified: z.boolean().optional().catch(undefined),
  o: z.object({ id: text, rol: text, slg: text.optional() }).optional(),
  org_id: text.optional(),
  org_role: text.optional(),
  org_slug: text.optional(),
});
type Claims = z.output<typeof claims>;

/**
 * Identity by Clerk's session tokens. Besides signature and times the issuer, the party and the session's state are
 * checked, which the vendor's own check leaves out unless told. Throws ENVIRONMENT_INVALID when nothing could ever pass:
 * a key that is none, or no party.
 */
export function clerkIdentity({ issuer, authorizedParties, ...keys }: ClerkOptions): Identity {
  if (authorizedParties.length === 0)
    throw new Problem('ENVIRONMENT_INVALID', { list: 'CLERK_AUTHORIZED_PARTIES: required' });
  const key = verificationKeys(keys);
  const expected = { algorithms: ['RS256'], typ: 'JWT', issuer, clockTolerance: toleranceSeconds };
  return {
    async verify(token) {
      const payload = await jwtVerify(token, key, expected).then((verified) => verified.payload, unlessUnknowable);
      const { data } = claims.safeParse(payload);
      return data && authorizedParties.includes(data.azp) ? sessionOf(data) : null;
    },
  };
}

function unlessUnknowable(thrown: unknown): null {
  if (thrown instanceof Problem) throw thrown;
  return null;
}

const sessionOf = (data: Claims): Session => ({
  userId: data.sub,
  sessionId: data.sid,
  displayName: data.name ?? null,
  email: data.email_verified && data.email !== undefined ? data.email.toLowerCase() : null,
  organization: organizationOf(data),
  issuedAt: new Date(data.iat * 1000),
  expiresAt: new Date(data.exp * 1000),
});

/** Version 1 writes roles as `org:admin`, version 2 as `admin`. An instance may have slugs switched off. */
function organizationOf({ o, org_id: id, org_role: role, org_slug: slug }: Claims): Session['organization'] {
  if (o) return { id: o.id, slug: o.slg ?? o.id, role: bareRole(o.rol) };
  if (id && role) return { id, slug: slug ?? id, role: bareRole(role) };
  return null;
}

/** A role without the `org:` before it. */
export const bareRole = (role: string): string => role.replace(/^org:/, '');
