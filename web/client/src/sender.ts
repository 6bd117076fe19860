import type { TargetFragment } from './generated/graphql.ts';

/** Where bytes are sent; `null` is no expiry that clients see. */
export type Target = TargetFragment;

/** How one go at sending ended. */
export type SendingEnd =
  | 'sent'
  | 'paused'
  /** The target was refused: it ran out, or its bytes were dropped. */
  | 'expired';

/** Sends the bytes of one upload, in as many goes as it takes. */
export interface Sender {
  /** Goes on where the last go ended. Throws OffprintError UPLOAD_REFUSED or NETWORK. */
  send(target: Target): Promise<SendingEnd>;
  /** Ends the go that is under way. */
  pause(): void;
}

/** What a sender works on. */
export interface Sendable {
  readonly uploadId: string;
  readonly recording: Blob;
  readonly onProgress: (sentBytes: number, totalBytes: number) => void;
}

/** Answers to an expired signature: storage says 400 or 403, a proxy before it 401, tus 404 or 410 for what it dropped. */
export const isExpiry = (status: number): boolean => [400, 401, 403, 404, 410].includes(status);

/** Pairs of the API as an object. */
export const recordOf = (pairs: readonly { readonly name: string; readonly value: string }[]): Record<string, string> =>
  Object.fromEntries(pairs.map(({ name, value }) => [name, value]));
