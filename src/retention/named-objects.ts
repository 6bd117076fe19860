import type { Tx } from '#base/database.ts';
import type { Bucket } from '#providers/object-storage.ts';

/**
 * Those of the keys that no row names: no artifact whose bytes are kept, no upload that awaits, verifies or holds its
 * recording, no export.
 */
export async function unnamed(tx: Tx, bucket: Bucket, keys: readonly string[]): Promise<string[]> {
  const rows = await tx.$queryRaw<{ key: string }[]>`
    select key from unnest(${[...keys]}::text[]) key
    where not exists (
      select 1 from artifacts where bucket = ${bucket} and storage_key = key and removed_at is null)
    and not (${bucket} = 'uploads' and exists (
      select 1 from uploads where storage_key = key and status in ('AWAITING_BYTES', 'VERIFYING', 'READY')))
    and not (${bucket} = 'exports' and exists (select 1 from data_exports where storage_key = key))`;
  return rows.map((row) => row.key);
}
