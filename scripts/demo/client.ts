import { Problem } from '#base/problem.ts';
import type { Client as Api } from '#client/offprint.ts';

/** The API as one signed-in client sees it, and the signal that ends what it does. */
export interface Client extends Api {
  readonly signal: AbortSignal;
}

/** Several errors in one sentence each, with their codes. */
export const refusal = (errors: readonly { readonly message: string; readonly code?: string | undefined }[]): Problem =>
  new Problem('INVALID_STATE', {
    reason: errors.map(({ message, code }) => (code ? `${message} (${code})` : message)).join(' '),
  });
