import { Problem } from '#base/problem.ts';
import type { UploadStatus } from '#generated/prisma/enums.ts';

/** VERIFYING too: where the run that was to verify the bytes has been canceled, the next one does it. */
const startable: readonly UploadStatus[] = ['READY', 'VERIFYING'];

/** Throws INVALID_STATE for an upload in a state in which no run can be started. */
export function requireStartable(status: UploadStatus): void {
  if (startable.includes(status)) return;
  throw new Problem('INVALID_STATE', { reason: `The upload is not ready for runs (${status}).` });
}
