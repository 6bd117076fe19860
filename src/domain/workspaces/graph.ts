import { isStorable } from '#base/line.ts';
import type { WorkspaceRole } from '#generated/prisma/enums.ts';
import { builder, connectionOf, owned } from '#graph/builder.ts';
import { roleIn, signedIn, visibleTo } from '#graph/context.ts';
import { rowIdOf } from '#graph/ids.ts';

const Role = builder.enumType('WorkspaceRole', {
  description: 'Rank in a workspace, weakest last.',
  values: {
    OWNER: { description: 'Everything, the workspace itself included.' },
    ADMIN: { description: 'Everything but giving the workspace away.' },
    EDITOR: { description: 'Uploads, runs and edits.' },
    VIEWER: { description: 'Reads.' },
  } satisfies Record<WorkspaceRole, { description: string }>,
});

builder.prismaNode('User', {
  id: owned.id,
  select: { id: true },
  nullable: true,
  findUnique: (id, context) => ({ id, memberships: { some: visibleTo(context) } }),
  authScopes: { signedIn: true },
  runScopesOnType: true,
  description: 'A person known through the identity provider.',
  fields: (t) => ({
    displayName: t.exposeString('displayName', { description: 'How the person is called.' }),
    avatarUrl: t.expose('avatarUrl', { type: 'URL', nullable: true, description: 'Picture of the person.' }),
  }),
});

export const Workspace = builder.prismaNode('Workspace', {
  id: owned.id,
  select: { id: true },
  nullable: true,
  findUnique: (id, context) => ({ id, AND: { id: visibleTo(context).workspaceId } }),
  authScopes: (row) => ({ member: row.id }),
  runScopesOnType: true,
  description: 'Tenant boundary: every object below belongs to exactly one workspace.',
  fields: (t) => ({
    slug: t.exposeString('slug', { description: 'Short name for addresses.' }),
    name: t.exposeString('name', { description: 'How the workspace is called.' }),
    viewerRole: t.field({
      type: Role,
      description: "The caller's role.",
      resolve: (row, _args, context) => roleIn(signedIn(context), row.id),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
  }),
});

const Membership = builder.prismaNode('WorkspaceMembership', {
  ...owned,
  description: "A user's place in a workspace.",
  fields: (t) => ({
    workspace: t.relation('workspace', { description: 'Where.' }),
    user: t.relation('user', { description: 'Who.' }),
    role: t.expose('role', { type: Role, description: 'With which rights.' }),
    joinedAt: t.expose('joinedAt', { type: 'DateTime', description: 'Since when.' }),
  }),
});

const MembershipConnection = connectionOf(Membership, 'WorkspaceMembership');

builder.prismaObjectField(Workspace, 'members', (t) =>
  t.relatedConnection(
    'memberships',
    { cursor: 'id', totalCount: true, description: 'People of the workspace.', query: { orderBy: { id: 'asc' } } },
    MembershipConnection,
  ),
);

const ViewerType = builder.objectRef<{ userId: string }>('Viewer').implement({
  description: 'The authenticated caller.',
  fields: (t) => ({
    user: t.prismaField({
      type: 'User',
      description: 'The person.',
      resolve: (...[query, { userId }, , { api }]) =>
        api.database.prisma.user.findUniqueOrThrow({ ...query, where: { id: userId } }),
    }),
    workspaces: t.prismaConnection(
      {
        type: Membership,
        cursor: 'id',
        description: "The workspaces this session opens: its organisation's, and the own one.",
        totalCount: ({ userId }, _args, context) =>
          context.api.database.prisma.workspaceMembership.count({ where: { userId, ...visibleTo(context) } }),
        resolve: (...[query, { userId }, , context]) =>
          context.api.database.prisma.workspaceMembership.findMany({
            ...query,
            where: { userId, ...visibleTo(context) },
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

builder.queryFields((t) => ({
  viewer: t.field({
    type: ViewerType,
    nullable: true,
    description: 'The authenticated caller; null without a valid token.',
    resolve: (_root, _args, { viewer }) => viewer,
  }),
  workspace: t.prismaField({
    type: Workspace,
    nullable: true,
    description: 'A workspace by id or slug; null when absent or not visible.',
    args: { by: t.arg({ type: WorkspaceBy, required: true, description: 'Which one.' }) },
    resolve: (...[query, , { by }, context]) => {
      const selected = { ...query };
      const named = namedBy(by);
      const visible = { id: visibleTo(context).workspaceId };
      return (
        named && context.api.database.prisma.workspace.findFirst({ ...selected, where: { ...named, AND: visible } })
      );
    },
  }),
}));

/** An id that is none and a slug that cannot be stored name no workspace. */
function namedBy(by: { id?: string | null; slug?: string | null }): { id: string } | { slug: string } | null {
  if (typeof by.slug === 'string') return isStorable(by.slug) ? { slug: by.slug } : null;
  const id = rowIdOf('Workspace', by.id ?? '');
  return id === null ? null : { id };
}
