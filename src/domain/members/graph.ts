import { Membership, Role, Workspace } from '#domain/workspaces/graph.ts';
import { builder, connectionOf, owned, type Types } from '#graph/builder.ts';
import type { Context } from '#graph/context.ts';
import { mutation, type Payload, payloadType } from '#graph/mutation.ts';
import { allowedTo, allows } from '#graph/permissions.ts';
import { addWorkspaceMember, addWorkspaceMemberInput } from './add-member.ts';
import { createWorkspace, createWorkspaceInput } from './create-workspace.ts';
import { removeWorkspaceMember, removeWorkspaceMemberInput } from './remove-member.ts';
import { setWorkspaceMemberRole, setWorkspaceMemberRoleInput } from './set-role.ts';

const Invitation = builder.prismaNode('WorkspaceInvitation', {
  ...owned,
  findUnique: (id: string, context: Context) => ({ id, ...allowedTo(context, 'Workspace.invitations') }),
  authScopes: (row: { workspaceId: string }, { viewer }: Context) =>
    allows(viewer, row.workspaceId, 'Workspace.invitations'),
  description: 'Makes whoever signs in with this verified address a member.',
  fields: (t) => ({
    email: t.exposeString('email', { description: 'The address, in small letters.' }),
    role: t.expose('role', { type: Role, description: 'What they will be.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When it runs out.' }),
  }),
});

builder.prismaObjectField(Workspace, 'invitations', (t) =>
  t.relatedConnection(
    'invitations',
    {
      cursor: 'id',
      totalCount: true,
      description: 'People who were added and have not signed in since; empty for who does not manage members.',
      query: (_args, context) => ({
        where: { ...allowedTo(context, 'Workspace.invitations'), expiresAt: { gt: new Date() } },
        orderBy: { id: 'asc' as const },
      }),
    },
    connectionOf(Invitation, 'WorkspaceInvitation'),
  ),
);

type PayloadBuilder<Done extends object> = PothosSchemaTypes.ObjectFieldBuilder<Types, Payload<Done>>;

const membershipField = <Done extends { membershipId: string }>(t: PayloadBuilder<Done>) =>
  t.prismaField({
    type: Membership,
    nullable: true,
    description: 'The membership as it is now; null for somebody who is still to sign in.',
    resolve: (...[query, { membershipId }, , { api }]) => {
      const selected = { ...query };
      return membershipId
        ? api.database.prisma.workspaceMembership.findUnique({ ...selected, where: { id: membershipId } })
        : null;
    },
  });

mutation('createWorkspace', {
  about: 'Make a workspace owned by the caller.',
  check: createWorkspaceInput,
  perform: createWorkspace,
  payload: payloadType<{ workspaceId: string }>('CreateWorkspacePayload', (t) => ({
    workspace: t.prismaField({
      type: Workspace,
      nullable: true,
      description: 'The workspace.',
      resolve: (...[query, { workspaceId }, , { api }]) => {
        const selected = { ...query };
        return workspaceId
          ? api.database.prisma.workspace.findUnique({ ...selected, where: { id: workspaceId } })
          : null;
      },
    }),
  })),
  input: builder.inputType('CreateWorkspaceInput', {
    description: 'How it is called.',
    fields: (t) => ({
      name: t.string({ required: true, description: 'For people; at most 80 characters.' }),
      slug: t.string({
        required: true,
        description: 'For addresses, used by no other: small letters, digits, hyphens.',
      }),
      idempotencyKey: t.string({ required: true, description: 'The same key makes one; 1 to 64 characters.' }),
    }),
  }),
});

mutation('addWorkspaceMember', {
  about: 'Add a person by e-mail; takes effect when they next sign in with that verified address.',
  check: addWorkspaceMemberInput,
  perform: (...given): Promise<{ invitationId: string; membershipId?: string }> => addWorkspaceMember(...given),
  payload: payloadType<{ invitationId: string; membershipId?: string }>('AddWorkspaceMemberPayload', (t) => ({
    invitation: t.prismaField({
      type: Invitation,
      nullable: true,
      description: 'What waits for them; null where a repeated key made one that they have taken up since.',
      resolve: (...[query, { invitationId }, , { api }]) => {
        const selected = { ...query };
        return invitationId
          ? api.database.prisma.workspaceInvitation.findUnique({ ...selected, where: { id: invitationId } })
          : null;
      },
    }),
  })),
  input: builder.inputType('AddWorkspaceMemberInput', {
    description: 'Whom to add.',
    fields: (t) => ({
      workspaceId: t.id({ required: true, description: 'Where.' }),
      email: t.string({ required: true, description: 'Their address; case does not matter.' }),
      role: t.field({ type: Role, required: true, description: 'What they become; only owners make owners.' }),
      idempotencyKey: t.string({ description: 'The same key adds them once; 1 to 64 characters.' }),
    }),
  }),
});

mutation('setWorkspaceMemberRole', {
  about: "Change a member's role. Of a member of the identity provider's organisation the role is changed there.",
  check: setWorkspaceMemberRoleInput,
  perform: setWorkspaceMemberRole,
  payload: payloadType<{ membershipId: string }>('SetWorkspaceMemberRolePayload', (t) => ({
    membership: membershipField(t),
  })),
  input: builder.inputType('SetWorkspaceMemberRoleInput', {
    description: 'Who becomes what.',
    fields: (t) => ({
      membershipId: t.id({ required: true, description: 'The membership.' }),
      role: t.field({ type: Role, required: true, description: 'Only owners make owners, or owners something else.' }),
    }),
  }),
});

mutation('removeWorkspaceMember', {
  about: 'Remove a member with the API keys they made, or leave; the last owner cannot be removed.',
  check: removeWorkspaceMemberInput,
  perform: removeWorkspaceMember,
  payload: payloadType<{ deletedId: string }>('RemoveWorkspaceMemberPayload', (t) => ({
    deletedId: t.id({
      nullable: true,
      description: 'The global id that it had.',
      resolve: ({ deletedId }) => deletedId ?? null,
    }),
  })),
  input: builder.inputType('RemoveWorkspaceMemberInput', {
    description: 'Who goes.',
    fields: (t) => ({
      membershipId: t.id({ required: true, description: 'The membership, or the invitation of one who is to come.' }),
    }),
  }),
});
