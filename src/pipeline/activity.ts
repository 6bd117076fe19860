import { randomUUID } from 'node:crypto';
import type { Tx } from '#base/database.ts';
import { globalId } from '#base/global-id.ts';
import { correlation } from '#base/log.ts';
import { Prisma } from '#generated/prisma/client.ts';
import type { ActivityKind } from '#generated/prisma/enums.ts';

/** Something that a dashboard of a workspace shows, and that its webhooks tell. */
export interface Activity {
  readonly workspaceId: string;
  readonly kind: ActivityKind;
  /** Row of the person who did it; null where nobody did. */
  readonly actorId: string | null;
  /** Type as in the graph, and row. */
  readonly subject: { readonly type: string; readonly id: string };
  /** What the subject has become, where it has a status. */
  readonly status?: string;
}

/** The queue's name for sending one delivery. */
export const deliverChore = 'deliver';

/**
 * Writes an activity of a workspace in the caller's transaction, and for each of its endpoints that wants this kind a
 * delivery with its job. Whoever commits wakes the workspace's readers afterwards (`wake(workspaceId)`).
 */
export async function tellWorkspace(tx: Tx, activity: Activity): Promise<void> {
  const { rows, jobs } = telling(activity);
  await tx.$queryRaw`with ${rows} ${jobs}`;
}

/**
 * The same as parts of a statement that writes more: `rows` are its common table expressions, `jobs` a select of one
 * text column that must be asked for. So a workspace without endpoints pays for one insert and no way to the database.
 */
export const telling = (activity: Activity): { rows: Prisma.Sql; jobs: Prisma.Sql } => ({
  rows: rowsOf(activity),
  jobs: Prisma.sql`
    select (graphile_worker.add_job(
      ${deliverChore}, json_build_object('deliveryId', id, 'correlationId', ${correlationId()}::text),
      max_attempts => 25, job_key => id::text
    )).id::text as job from deliveries`,
});

/** By which the lines of a delivery are found from those of what it tells. */
const correlationId = (): string => correlation()?.correlationId ?? randomUUID();

/** Endpoints are locked against being deleted, which would fail the whole transaction by its deliveries' foreign key. */
const rowsOf = (activity: Activity): Prisma.Sql => {
  const { workspaceId, kind, actorId, subject } = activity;
  return Prisma.sql`
    told as (
      insert into workspace_activities (workspace_id, kind, actor_id, subject_type, subject_id)
      values (${workspaceId}::uuid, ${kind}::"ActivityKind", ${actorId}::uuid, ${subject.type}, ${subject.id}::uuid)
      returning id
    ), wanting as (
      select id, workspace_id from webhook_endpoints
      where workspace_id = ${workspaceId}::uuid and ${kind}::"ActivityKind" = any(kinds)
      for key share
    ), deliveries as (
      insert into webhook_deliveries (workspace_id, endpoint_id, activity_id, kind, body, next_attempt_at)
      select wanting.workspace_id, wanting.id, told.id, ${kind}::"ActivityKind", ${bodyOf(activity)}, now()
      from told, wanting
      returning id
    )`;
};

/** What receivers get: ids as the graph knows them and a status. Nothing that was said, no person, no link. */
function bodyOf({ workspaceId, kind, subject, status }: Activity): string {
  return JSON.stringify({
    type: kind.toLowerCase().replace('_', '.'),
    timestamp: new Date().toISOString(),
    data: {
      workspaceId: globalId('Workspace', workspaceId),
      subject: { type: subject.type, id: globalId(subject.type, subject.id) },
      ...(status !== undefined && { status }),
    },
  });
}
