import type { Tx } from '#base/database.ts';
import type { Bucket } from '#providers/object-storage.ts';
import type { Runtime } from '#runtime.ts';

/** Objects in one call: few enough that a start of a run waits for it no longer than a moment. */
export const removedAtOnce = 100;

/** Longer than the storage's own patience, two tries of 10 s and 10 s between them: the lock never ends before the call. */
const lockMs = 60_000;

/** A sweep that was paused for longer than this between its look and its call begins again. */
const trustMs = 2_000;

/**
 * Removes bytes below an upload, if no run is working on it. Bytes have names given by their content, so a run that
 * makes them again writes under the very name that is about to be removed: the upload's row is locked while it happens,
 * which no new run passes, and `find` looks under that lock once more. The one call to the outside inside a transaction:
 * nothing less holds both sides, and it has a timeout. Returns how many were removed, 0 where a run is under way.
 */
export async function removeBytes(
  { database, storage }: Pick<Runtime, 'database' | 'storage'>,
  uploadId: string,
  find: (tx: Tx) => Promise<{ bucket: Bucket; keys: readonly string[] }>,
): Promise<number> {
  return database.prisma.$transaction(
    async (tx) => {
      if (!(await lockIdle(tx, uploadId))) return 0;
      const lockedAt = performance.now();
      const { bucket, keys } = await find(tx);
      if (performance.now() - lockedAt > trustMs) return 0;
      await storage.remove(bucket, keys);
      return keys.length;
    },
    { timeout: lockMs, maxWait: 10_000 },
  );
}

/** Locks an upload's row against new runs; false while one is under way. A row that is gone is idle for good. */
export async function lockIdle(tx: Tx, uploadId: string): Promise<boolean> {
  await tx.$queryRaw`select 1 as locked from uploads where id = ${uploadId}::uuid for update`;
  // A statement of its own: it sees the run of whoever held the lock before.
  return (await tx.run.count({ where: { uploadId, finishedAt: null } })) === 0;
}
