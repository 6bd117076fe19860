import type { Buckets } from './buckets.ts';
import type { Disk } from './disk.ts';
import type { Newest } from './newest.ts';
import type { Objects } from './objects.ts';
import type { Tokens } from './tokens.ts';

/** What every call works with. */
export interface Store {
  readonly disk: Disk;
  readonly buckets: Buckets;
  readonly objects: Objects;
  readonly tokens: Tokens;
  /** Signed PUTs whose bytes arrive, by `bucket/key`. */
  readonly puts: Newest;
  /** Largest object of any bucket, in bytes. */
  readonly maxUploadBytes: number;
}

/** Largest object a bucket accepts, in bytes. */
export const limitOf = (store: Store, bucket: { readonly sizeLimit: number | null }): number =>
  Math.min(bucket.sizeLimit ?? store.maxUploadBytes, store.maxUploadBytes);
