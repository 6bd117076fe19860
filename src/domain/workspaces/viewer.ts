import { isStorable } from '#base/line.ts';
import { builder, connectionOf } from '#graph/builder.ts';
import { type Viewer, visibleWorkspaces } from '#graph/context.ts';
import { rowIdOf } from '#graph/ids.ts';
import { requireScope } from '#graph/permissions.ts';
import { plannedQuery } from '#graph/reads/kept-plans.ts';
import { readsOf } from '#graph/reads/reads.ts';
import { Membership, MembershipConnection, Workspace } from './graph.ts';

/** Memberships that count in this session, for an admin of the deployment, too. */
const opened = ({ userId, roles }: Viewer) => ({ userId, workspaceId: { in: [...roles.keys()] } });

export const ViewerType = builder.objectRef<Viewer>('Viewer').implement({
  description: 'The authenticated caller.',
  fields: (t) => ({
    user: t.prismaField({
      type: 'User',
      description: 'The person; refused to an API key.',
      resolve: (...[query, viewer, , { api }]) => {
        requireScope(viewer, 'Viewer.user');
        return readsOf(api.database).user.findUniqueOrThrow({ ...query, where: { id: viewer.userId } });
      },
    }),
    admin: t.exposeBoolean('admin', {
      description: 'Whether the caller looks after the deployment and sees every workspace.',
    }),
    workspaces: t.prismaConnection(
      {
        type: Membership,
        cursor: 'id',
        description: "The caller's workspaces; with an API key the one that it acts in.",
        totalCount: (viewer, _args, { api }) =>
          api.database.prisma.workspaceMembership.count({ where: opened(viewer) }),
        resolve: (...[query, viewer, , { api }]) =>
          readsOf(api.database).workspaceMembership.findMany({
            ...query,
            where: opened(viewer),
            orderBy: { id: 'asc' },
          }),
      },
      MembershipConnection,
    ),
  }),
});

const WorkspaceBy = builder.inputType('WorkspaceByInput', {
  description: 'Exactly one way to name a workspace.',
  isOneOf: true,
  fields: (t) => ({
    id: t.id({ description: 'Its global id.' }),
    slug: t.string({ description: 'Its short name.' }),
  }),
});

const WorkspaceConnection = connectionOf(Workspace, 'Workspace');

builder.queryFields((t) => ({
  viewer: t.field({
    type: ViewerType,
    nullable: true,
    description: 'The authenticated caller; null without a valid token.',
    resolve: (_root, _args, { viewer }) => viewer,
  }),
  workspaces: t.prismaConnection(
    {
      type: Workspace,
      cursor: 'id',
      nullable: true,
      description: 'Workspaces that the caller sees, newest first: the own ones, or all for an admin.',
      authScopes: { signedIn: true },
      totalCount: (_root, _args, context) =>
        context.api.database.prisma.workspace.count({ where: visibleWorkspaces(context) }),
      resolve: (...[query, , , context]) =>
        readsOf(context.api.database).workspace.findMany({
          ...query,
          where: visibleWorkspaces(context),
          orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        }),
    },
    WorkspaceConnection,
  ),
  workspace: t.field({
    type: Workspace,
    nullable: true,
    description: 'A workspace by id or slug; null when absent or not visible.',
    args: { by: t.arg({ type: WorkspaceBy, required: true, description: 'Which one.' }) },
    resolve: (...[, { by }, context, info]) => {
      const named = namedBy(by);
      const where = named && { ...named, AND: visibleWorkspaces(context) };
      const query = plannedQuery(context, info, 'Workspace');
      return where && readsOf(context.api.database).workspace.findFirst({ ...query, where });
    },
  }),
}));

/** An id that is none and a slug that cannot be stored name no workspace. */
function namedBy(by: { id?: string | null; slug?: string | null }): { id: string } | { slug: string } | null {
  if (typeof by.slug === 'string') return isStorable(by.slug) ? { slug: by.slug } : null;
  const id = rowIdOf('Workspace', by.id ?? '');
  return id === null ? null : { id };
}
