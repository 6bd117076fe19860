import { makeRoom } from '#base/make-room.ts';
import type { Identity, Session } from '#providers/identity.ts';

/** How long a token that was verified is taken for it, and of how many that is remembered. */
const remembered = { ms: 60_000, tokens: 1_000 };

/**
 * An identity that remembers the sessions of tokens that it verified: checking a signature anew with each request took
 * more processor time than the smallest page. A token that has run out is not taken, however young what is remembered;
 * and as keys of the provider may be withdrawn, nothing is remembered for more than a minute. Who may see what is no part
 * of it: memberships are looked up each time.
 */
export function rememberingTokens(identity: Identity): Identity {
  const known = new Map<string, { readonly session: Session; readonly until: number }>();
  return {
    async verify(token) {
      const now = Date.now();
      const held = known.get(token);
      if (held && now < held.until) return held.session;
      known.delete(token);
      const session = await identity.verify(token);
      if (session) remember(token, session, now);
      return session;
    },
  };

  function remember(token: string, session: Session, now: number): void {
    makeRoom(known, remembered.tokens).set(token, {
      session,
      until: Math.min(session.expiresAt.getTime(), now + remembered.ms),
    });
  }
}
