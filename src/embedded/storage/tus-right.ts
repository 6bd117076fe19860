import { assertService } from './access.ts';
import type { Call } from './call.ts';
import { Refusal } from './refusal.ts';
import type { Store } from './store.ts';
import type { Target } from './tus-target.ts';

/** What a tus call may do: everything (`url` is null), or send one object of at most so many bytes. */
export interface Right {
  readonly signed: boolean;
  readonly url: string | null;
  readonly upsert: boolean;
  readonly mostBytes: number;
}

/**
 * A call with `x-signature` carries the token of a signed upload, any other the service key. A fresh token for the same
 * object continues an upload begun with an older one. Throws InvalidJWT, Unauthenticated, AccessDenied.
 */
export async function rightOf(store: Store, call: Call): Promise<Right> {
  const signature = call.request.headers['x-signature'];
  if (signature !== undefined) {
    const { url, upsert, sizeBytes } = await store.tokens.verifyUpload(String(signature));
    return { signed: true, url, upsert, mostBytes: sizeBytes };
  }
  await assertService(store.tokens, call.request);
  const upsert = call.request.headers['x-upsert'] === 'true';
  return { signed: false, url: null, upsert, mostBytes: Number.POSITIVE_INFINITY };
}

/** Throws InvalidSignature when the right is for another object. */
export function assertGranted(right: Right, { bucket, key }: Target): void {
  if (right.url !== null && right.url !== `${bucket}/${key}`) throw new Refusal('InvalidSignature');
}
