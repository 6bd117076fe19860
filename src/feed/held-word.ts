/**
 * SQL: whether the identity provider's word for a membership, the row `member`, still holds. Where its messages are
 * configured, they end what they began. Where they are not, only tokens speak: a word holds for a day from the last token
 * that named the organisation, so that nobody who left it goes on for longer through a key or a stream. Memberships made
 * here hold always.
 */
export const wordHolds = (inStep: boolean): string =>
  inStep ? 'true' : `(member.known_at is null or member.known_at > now() - interval '1 day')`;
