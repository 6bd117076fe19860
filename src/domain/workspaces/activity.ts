import { globalId } from '#base/global-id.ts';
import type { Problem } from '#base/problem.ts';
import {
  type ActivityPosition,
  followWorkspace,
  type StoredActivity,
  startOfActivity,
} from '#feed/follow-workspace.ts';
import type { ActivityKind } from '#generated/prisma/enums.ts';
import { builder } from '#graph/builder.ts';
import { type Context, sees } from '#graph/context.ts';
import { activityCursor, parseActivityCursor, rowIdOf } from '#graph/ids.ts';
import { told, whileMember } from '#graph/membership.ts';
import { refused, shown } from '#graph/stream.ts';

/** An activity on its way to a client. */
interface ActivityShape {
  readonly workspaceId: string;
  readonly position: ActivityPosition;
  readonly occurredAt: Date;
  readonly kind: ActivityKind | 'STREAM_RESET';
  readonly actorId: string | null;
  readonly subject: StoredActivity['subject'] | null;
}

/** What a dashboard shows and webhooks tell. */
export const ActivityKindEnum = builder.enumType('ActivityKind', {
  description: 'Kinds of workspace activity.',
  values: {
    UPLOAD_CREATED: { description: 'Somebody began to send a recording.' },
    UPLOAD_READY: { description: 'A recording arrived and was verified.' },
    UPLOAD_REJECTED: { description: 'What arrived is no recording that can be used.' },
    UPLOAD_DELETED: { description: 'A recording and everything made of it is gone.' },
    RUN_STARTED: { description: 'Somebody started a run.' },
    RUN_FINISHED: { description: 'A run reached its final state.' },
    TRANSCRIPT_EDITED: { description: 'Somebody corrected what was said, or took a correction back.' },
    CONTENT_EDITED: { description: 'Somebody changed a post, or made an older version of it current again.' },
    MEMBER_CHANGED: { description: 'Somebody joined, left or got another role.' },
    USAGE_WARNING: { description: 'The plan of the workspace is nearly used up for this month.' },
    STREAM_RESET: { description: 'Activity between the cursor and now is no longer kept: read anew what you show.' },
  } satisfies Record<ActivityShape['kind'], object>,
});

const WorkspaceActivity = builder.objectRef<ActivityShape>('WorkspaceActivity').implement({
  description: 'Something a dashboard of the workspace shows.',
  fields: (t) => ({
    cursor: t.field({
      type: 'EventCursor',
      description: 'Position to resume after this activity.',
      resolve: ({ workspaceId, position }) => activityCursor(workspaceId, position),
    }),
    occurredAt: t.expose('occurredAt', { type: 'DateTime', description: 'When it was written.' }),
    kind: t.expose('kind', { type: ActivityKindEnum, description: 'What happened.' }),
    actor: t.prismaField({
      type: 'User',
      nullable: true,
      description: 'Who did it; null where nobody did, or for somebody who is gone.',
      resolve: (...[query, { actorId }, , { api }]) => {
        const selected = { ...query };
        return actorId ? api.database.prisma.user.findUnique({ ...selected, where: { id: actorId } }) : null;
      },
    }),
    subject: t.node({
      description: 'What it is about; null when it was removed since.',
      id: ({ subject }) => subject && globalId(subject.type, subject.id),
    }),
  }),
});

builder.subscriptionField('workspaceActivity', (t) =>
  t.field({
    type: WorkspaceActivity,
    nullable: true,
    description: 'Coarse activity of a workspace from now on, resumable for 24 hours.',
    authScopes: { signedIn: true },
    args: {
      workspaceId: t.arg.id({ required: true, description: 'Global id of the workspace.' }),
      after: t.arg({ type: 'EventCursor', description: 'Resume after this position.' }),
    },
    subscribe: async (_root, { workspaceId, after }, context) => subscribeTo(context, workspaceId, after ?? null),
    resolve: told,
  }),
);

async function subscribeTo(
  context: Context,
  globalWorkspaceId: string,
  after: string | null,
): Promise<AsyncIterableIterator<ActivityShape | Problem>> {
  const { api, viewer } = context;
  const workspaceId = rowIdOf('Workspace', globalWorkspaceId);
  if (!workspaceId || !sees(viewer, workspaceId)) throw refused('NOT_FOUND', 'The workspace was not found.');
  const cursor = after === null ? null : parseActivityCursor(workspaceId, after);
  const start = after !== null && !cursor ? null : await startOfActivity(api.database, cursor);
  if (!start) throw refused('INVALID_CURSOR', 'The cursor does not belong to this workspace.');
  const { position, expired } = start;
  const items = followWorkspace(api, workspaceId, position);
  const shapes = shown(items, (activity): ActivityShape => ({ workspaceId, ...activity }));
  return whileMember(context, workspaceId, expired ? behind(reset(workspaceId, position), shapes) : shapes);
}

const reset = (workspaceId: string, position: ActivityPosition): ActivityShape => ({
  workspaceId,
  position,
  occurredAt: new Date(),
  kind: 'STREAM_RESET',
  actorId: null,
  subject: null,
});

/** The items behind a first one. */
function behind<Item>(first: Item, items: AsyncIterableIterator<Item>): AsyncIterableIterator<Item> {
  let told = false;
  const next = (): Promise<IteratorResult<Item>> => {
    if (told) return items.next();
    told = true;
    return Promise.resolve({ done: false, value: first });
  };
  return { ...items, next };
}
