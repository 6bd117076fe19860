import type { Tx } from '#base/database.ts';
import { Problem } from '#base/problem.ts';
import type { UploadStatus } from '#generated/prisma/enums.ts';

/** VERIFYING too: where the run that was to verify the bytes has been canceled, the next one does it. */
const startable: readonly UploadStatus[] = ['READY', 'VERIFYING'];

/** Throws INVALID_STATE for an upload in a state in which no run can be started. */
export function requireStartable(status: UploadStatus): void {
  if (startable.includes(status)) return;
  throw new Problem('INVALID_STATE', { reason: `The upload is not ready for runs (${status}).` });
}

/**
 * Holds an upload for a run that is being written: until the transaction ends neither is it erased nor does retention
 * take its bytes, which both lock its row. NOT_FOUND where it is gone, INVALID_STATE where no run can be started.
 */
export async function holdStartable(tx: Tx, uploadId: string): Promise<void> {
  const [row] = await tx.$queryRaw<{ status: UploadStatus }[]>`
    select status::text from uploads where id = ${uploadId}::uuid for key share`;
  if (!row) throw new Problem('NOT_FOUND', { what: 'The upload' });
  requireStartable(row.status);
}
