import { z } from 'zod';
import type { Database } from '#base/database.ts';
import { ActivityKind } from '#generated/prisma/enums.ts';
import { type EventReader, type Page, pageSize, pull } from './pull.ts';

/**
 * A place in a workspace's activity. Rows are read in the order of their transactions, and only those below the oldest
 * transaction that is still open: nothing can come up behind a reader any more. (Cursors taken from a serial or a clock
 * lost 39 and 41 % under 8 writers, this order none; the price is that a long transaction anywhere in the server delays
 * everybody's feed until it ends.)
 */
export interface ActivityPosition {
  readonly transactionId: bigint;
  /** Row of the activity, or made for the position alone; a uuid v7, so that it says when. */
  readonly id: string;
}

const activityRow = z
  .object({
    id: z.string(),
    transactionId: z.string().transform(BigInt),
    kind: z.enum(ActivityKind),
    actorId: z.string().nullable(),
    subjectType: z.string(),
    subjectId: z.string(),
    occurredAt: z.date(),
  })
  .transform(({ id, transactionId, subjectType, subjectId, ...row }) => ({
    ...row,
    position: { transactionId, id },
    subject: { type: subjectType, id: subjectId },
  }));

/** An activity, read back. */
export type StoredActivity = z.output<typeof activityRow>;

/**
 * Where a reader begins: now without a cursor, else at it, unless it is older than what is kept (`expired`: the
 * position is now, and what was missed is lost). Null for a position that no activity can have yet.
 */
export async function startOfActivity(
  { prisma }: Database,
  after: ActivityPosition | null,
): Promise<{ position: ActivityPosition; expired: boolean } | null> {
  const [row] = await prisma.$queryRaw<unknown[]>`
    select (pg_snapshot_xmin(now_seen)::text::bigint - 1)::text as "transactionId", uuidv7()::text as id,
      ${after?.transactionId ?? 0n}::bigint >= pg_snapshot_xmax(now_seen)::text::bigint as future,
      coalesce(uuid_extract_timestamp(${after?.id ?? null}::uuid) < now() - interval '24 hours', true) as old
    from pg_current_snapshot() now_seen`;
  const { future, old, ...now } = startRow.parse(row);
  if (future) return null;
  return after && !old ? { position: after, expired: false } : { position: now, expired: after !== null };
}

const startRow = z.object({
  transactionId: z.string().transform(BigInt),
  id: z.string(),
  future: z.boolean(),
  old: z.boolean(),
});

/** Follows a workspace's activity from a position, without an end of its own but that of the workspace. */
export function followWorkspace(
  reader: EventReader,
  workspaceId: string,
  from: ActivityPosition,
): AsyncIterableIterator<StoredActivity> {
  const { database, feed } = reader;
  let last = from;
  return pull(reader, workspaceId, async (): Promise<Page<StoredActivity> | null> => {
    const { transactionId, id } = last;
    const items = await feed.together(`${workspaceId}:${transactionId}:${id}`, () =>
      activitiesAfter(database, workspaceId, { transactionId, id }),
    );
    if (!items) return null;
    last = items.at(-1)?.position ?? last;
    return { items, more: items.length === pageSize, ended: false };
  });
}

/** Null when the workspace is gone. */
async function activitiesAfter(
  { prisma }: Database,
  workspaceId: string,
  { transactionId, id }: ActivityPosition,
): Promise<StoredActivity[] | null> {
  const rows = await prisma.$queryRaw<unknown[]>`
    select id::text, transaction_id::text as "transactionId", kind::text, actor_id::text as "actorId",
      subject_type as "subjectType", subject_id::text as "subjectId", occurred_at as "occurredAt"
    from workspace_activities
    where workspace_id = ${workspaceId}::uuid
      and (transaction_id, id) > (${transactionId}::bigint, ${id}::uuid)
      and transaction_id < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
    order by transaction_id, id limit ${pageSize}`;
  if (rows.length === 0 && (await prisma.workspace.count({ where: { id: workspaceId } })) === 0) return null;
  return z.array(activityRow).parse(rows);
}
