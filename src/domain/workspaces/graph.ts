import type { WorkspaceRole } from '#generated/prisma/enums.ts';
import { builder, connectionOf, owned } from '#graph/builder.ts';
import { signedIn, visibleTo, visibleWorkspaces } from '#graph/context.ts';

export const Role = builder.enumType('WorkspaceRole', {
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
  findUnique: (id, context) => ({ id, AND: visibleWorkspaces(context) }),
  authScopes: (row) => ({ member: row.id }),
  runScopesOnType: true,
  description: 'Tenant boundary: every object below belongs to exactly one workspace.',
  fields: (t) => ({
    slug: t.exposeString('slug', { description: 'Short name for addresses.' }),
    name: t.exposeString('name', { description: 'How the workspace is called.' }),
    viewerRole: t.field({
      type: Role,
      nullable: true,
      description: "The caller's role; null for an admin of the deployment who is no member.",
      resolve: (row, _args, context) => signedIn(context).roles.get(row.id) ?? null,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
  }),
});

export const Membership = builder.prismaNode('WorkspaceMembership', {
  ...owned,
  description: "A user's place in a workspace.",
  fields: (t) => ({
    workspace: t.relation('workspace', { description: 'Where.' }),
    user: t.relation('user', { description: 'Who.' }),
    role: t.expose('role', { type: Role, description: 'With which rights.' }),
    joinedAt: t.expose('joinedAt', { type: 'DateTime', description: 'Since when.' }),
  }),
});

export const MembershipConnection = connectionOf(Membership, 'WorkspaceMembership');

builder.prismaObjectField(Workspace, 'members', (t) =>
  t.relatedConnection(
    'memberships',
    { cursor: 'id', totalCount: true, description: 'People of the workspace.', query: { orderBy: { id: 'asc' } } },
    MembershipConnection,
  ),
);
