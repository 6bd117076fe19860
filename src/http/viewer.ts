import { admit, type Lobby } from '#domain/admission/admit.ts';
import { isKeyToken } from '#domain/keys/key-token.ts';
import { keyholder } from '#domain/keys/keyholder.ts';
import type { Viewer } from '#graph/context.ts';
import type { Identity } from '#providers/identity.ts';
import { sharedLookups } from './shared-lookups.ts';
import { rememberingTokens } from './verified-tokens.ts';

/** By what somebody came in: a session of a person, or an API key. */
interface Pass {
  readonly userId: string;
  readonly sessionId: string;
  readonly expiresAt: Date;
}

/** Turns bearer tokens into callers. */
export interface Door {
  /** The caller and what they came in by, or null for no token or one that is not valid now. */
  enter(authorization: string | null | undefined): Promise<{ viewer: Viewer; session: Pass } | null>;
}

/** Opens the one door of HTTP and sockets: there is no other way to become a viewer. */
export function openDoor(identity: Identity, lobby: Lobby): Door {
  const remembering = rememberingTokens(identity);
  const lookUp = sharedLookups<Viewer | null>();
  return {
    async enter(authorization) {
      const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
      if (token === undefined) return null;
      if (isKeyToken(token)) return keyholder(lobby, token);
      const session = await remembering.verify(token);
      const viewer = session && (await lookUp(token, () => admit(lobby, session)));
      // Its roles may grow while a request is answered: each has its own.
      return viewer && { viewer: { ...viewer, roles: new Map(viewer.roles) }, session };
    },
  };
}
