import { admit } from '#domain/workspaces/admit.ts';
import type { Api, Viewer } from '#graph/context.ts';
import type { Identity, Session } from '#providers/identity.ts';

/** Turns bearer tokens into callers. */
export interface Door {
  /** The caller and their session, or null for no token or one that is not valid now. */
  enter(authorization: string | null | undefined): Promise<{ viewer: Viewer; session: Session } | null>;
}

/** Opens the one door of HTTP and sockets: there is no other way to become a viewer. */
export const openDoor = (identity: Identity, api: Pick<Api, 'database' | 'env'>): Door => ({
  async enter(authorization) {
    const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
    const session = token ? await identity.verify(token) : null;
    return session && { session, viewer: await admit(api, session) };
  },
});
