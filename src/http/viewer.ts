import { admit, type Lobby } from '#domain/admission/admit.ts';
import { isKeyToken } from '#domain/keys/key-token.ts';
import { keyholder } from '#domain/keys/keyholder.ts';
import type { Viewer } from '#graph/context.ts';
import type { Identity } from '#providers/identity.ts';

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
export const openDoor = (identity: Identity, lobby: Lobby): Door => ({
  async enter(authorization) {
    const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return null;
    if (isKeyToken(token)) return keyholder(lobby.database, token);
    const session = await identity.verify(token);
    const viewer = session && (await admit(lobby, session));
    return viewer && { viewer, session };
  },
});
