/** Who a verified session token speaks for. */
export interface Session {
  /** The identity provider's user id. */
  readonly userId: string;
  readonly sessionId: string;
  readonly displayName: string | null;
  /** The active organisation, when there is one. `role` is the provider's word, such as `admin`. */
  readonly organization: { readonly id: string; readonly slug: string; readonly role: string } | null;
  readonly expiresAt: Date;
}

/** Checks bearer tokens. Returns null for any token that is not valid now; never throws for a bad token. */
export interface Identity {
  verify(token: string): Promise<Session | null>;
}
