import type { Tx } from '#base/database.ts';
import { Prisma } from '#generated/prisma/client.ts';
import { openStatuses } from '#pipeline/progress.ts';
import { removeJobs } from '#pipeline/queue.ts';

/** The runs of what is erased, under their locks. */
export interface LockedRuns {
  readonly ids: readonly string[];
  /** Whether one of them was not final: a worker may be in the middle of it. */
  readonly inFlight: boolean;
}

/**
 * Locks all runs before anything of them goes: a stage's commit is either done before, and goes with the rest, or finds
 * its run gone and writes nothing. Runs come before the upload, in the order in which a stage's commit takes them.
 */
export async function lockRuns(
  tx: Tx,
  of: { readonly uploadId: string } | { readonly workspaceId: string },
): Promise<LockedRuns> {
  const where =
    'uploadId' in of
      ? Prisma.sql`upload_id = ${of.uploadId}::uuid`
      : Prisma.sql`workspace_id = ${of.workspaceId}::uuid`;
  const rows = await tx.$queryRaw<{ id: string; open: boolean }[]>`
    select id::text as id, finished_at is null as open from runs where ${where} order by id for update`;
  return { ids: rows.map(({ id }) => id), inFlight: rows.some(({ open }) => open) };
}

/** Takes the jobs of runs out of the queue. Workers in the middle of one find their lease gone at the next beat. */
export async function withdrawJobs(tx: Tx, { ids }: LockedRuns): Promise<void> {
  const open = await tx.stageRun.findMany({
    where: { runId: { in: [...ids] }, status: { in: openStatuses } },
    select: { id: true },
  });
  await removeJobs(
    tx,
    open.map(({ id }) => id),
  );
}

/** Workers notice within two seconds, and what they were sending has arrived long before this. */
const noticedMs = 30_000;

/** How long a target that was handed out may be used, and a little more. */
const targetMs = (2 * 60 + 5) * 60_000;

/** Until when something may still be put into storage; null where nothing can. */
export function lastLookAt(now: Date, may: { inFlight: boolean; arrive: boolean }): Date | null {
  if (may.arrive) return new Date(now.getTime() + targetMs);
  return may.inFlight ? new Date(now.getTime() + noticedMs) : null;
}
