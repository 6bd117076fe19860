/** Who a verified session token speaks for. */
export interface Session {
  /** The identity provider's user id. */
  readonly userId: string;
  readonly sessionId: string;
  readonly displayName: string | null;
  /** The primary address in small letters, where the token carries it and says that it is verified. */
  readonly email: string | null;
  /** The active organisation, when there is one. `role` is the provider's word, such as `admin`. */
  readonly organization: { readonly id: string; readonly slug: string; readonly role: string } | null;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

/** Checks bearer tokens. */
export interface Identity {
  /**
   * Null for any token that is not valid now; never throws for a bad token. PROVIDER_UNAVAILABLE where it cannot be told,
   * because the keys to check it with cannot be fetched.
   */
  verify(token: string): Promise<Session | null>;
}

/** A person as the provider knows them. */
interface Person {
  readonly userId: string;
  readonly displayName: string;
  readonly avatarUrl: string | null;
}

/** Something that happened at the identity provider. Changes arrive in any order and more than once: `at` orders them. */
export type IdentityChange = { readonly at: Date } & (
  | (Person & { readonly kind: 'person'; readonly email: string | null })
  | { readonly kind: 'personGone'; readonly userId: string }
  | { readonly kind: 'organization'; readonly id: string; readonly slug: string; readonly name: string }
  | { readonly kind: 'organizationGone'; readonly id: string }
  | {
      readonly kind: 'member';
      readonly organization: { readonly id: string; readonly slug: string; readonly name: string };
      readonly person: Person;
      readonly role: string;
    }
  | { readonly kind: 'memberGone'; readonly organizationId: string; readonly userId: string }
);

/** A verified message of the identity provider. Each has one id, however often it is sent; null for what is not followed. */
export interface IdentityMessage {
  readonly id: string;
  readonly change: IdentityChange | null;
}

/** Reads what the identity provider sends. */
export interface IdentityMessages {
  /** FORBIDDEN for a message that is not signed by the provider, or too old; INVALID_INPUT for one of another shape. */
  read(sent: { readonly headers: Headers; readonly body: string }): Promise<IdentityMessage>;
}
