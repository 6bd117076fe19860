import type { Tx } from '#base/database.ts';
import type { UploadStatus } from '#generated/prisma/enums.ts';

/**
 * Holds an upload until the transaction ends, for a commit that writes what all runs over it have in common. Of two
 * runs that did the same work at once the second sees here what the first one wrote. To be taken first in a commit: its
 * run, then its upload, then everything else, which is also the order of whoever erases. Gives the upload's state.
 */
export async function takeTurn(tx: Tx, uploadId: string): Promise<UploadStatus | null> {
  const [row] = await tx.$queryRaw<{ status: UploadStatus }[]>`
    select status::text from uploads where id = ${uploadId}::uuid for no key update`;
  return row?.status ?? null;
}
