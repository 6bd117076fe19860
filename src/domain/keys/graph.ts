import { globalId } from '#base/global-id.ts';
import { Workspace } from '#domain/workspaces/graph.ts';
import { ViewerType } from '#domain/workspaces/viewer.ts';
import { builder, connectionOf, owned } from '#graph/builder.ts';
import type { Context, Scope, Viewer } from '#graph/context.ts';
import { mutation, payloadType } from '#graph/mutation.ts';
import { allowedTo, allows } from '#graph/permissions.ts';
import { createApiKey, createApiKeyInput } from './create-key.ts';
import { revokeApiKey, revokeApiKeyInput } from './revoke-key.ts';

const Scopes = builder.enumType('ApiKeyScope', {
  description:
    'What a key may do, within the role of who made it. No key manages members or keys, or deletes a workspace.',
  values: {
    READ: { value: 'read', description: 'Everything that members read; part of every key.' },
    WRITE: { value: 'write', description: 'Uploads, runs and edits.' },
    MANAGE: { value: 'manage', description: 'Webhooks, diagnoses, deleting what others uploaded.' },
  } as const satisfies Record<string, { value: Scope; description: string }>,
});

const ApiKey = builder.prismaNode('ApiKey', {
  ...owned,
  findUnique: (id: string, context: Context) => ({ id, ...allowedTo(context, 'Workspace.apiKeys') }),
  authScopes: (row: { workspaceId: string }, { viewer }: Context) =>
    allows(viewer, row.workspaceId, 'Workspace.apiKeys'),
  description: 'Lets a program act in one workspace in the name of who made it; it ends when they leave.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What it is for.' }),
    prefix: t.exposeString('prefix', { description: 'How its token begins; the rest is known to nobody here.' }),
    scopes: t.expose('scopes', { type: [Scopes], description: 'What it may do.' }),
    createdBy: t.prismaField({
      type: 'User',
      select: { createdById: true },
      description: 'In whose name it acts.',
      resolve: (...[query, { createdById }, , { api }]) =>
        api.database.prisma.user.findUniqueOrThrow({ ...query, where: { id: createdById } }),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When it runs out.' }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last seen, to ten minutes; null where it never was.',
    }),
    revokedAt: t.expose('revokedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was ended; null while it was not.',
    }),
  }),
});

builder.prismaObjectField(Workspace, 'apiKeys', (t) =>
  t.prismaConnection(
    {
      type: ApiKey,
      cursor: 'id',
      description:
        'Keys of programs, newest first, for 30 days also those that ended; empty for who does not manage them.',
      totalCount: ({ id }, _args, context) => context.api.database.prisma.apiKey.count({ where: keysOf(context, id) }),
      resolve: (...[query, { id }, , context]) =>
        context.api.database.prisma.apiKey.findMany({
          ...query,
          where: keysOf(context, id),
          orderBy: { id: 'desc' },
        }),
    },
    connectionOf(ApiKey, 'ApiKey'),
  ),
);

const keysOf = (context: Context, workspaceId: string) => ({
  // Beside the rest, not in it: the row of a cursor must be of this workspace, too.
  workspaceId,
  AND: allowedTo(context, 'Workspace.apiKeys'),
});

const ViewerKey = builder.objectRef<NonNullable<Viewer['key']>>('ViewerKey').implement({
  description: 'The API key that a request came with.',
  fields: (t) => ({
    id: t.id({ description: 'Globally unique, opaque.', resolve: ({ id }) => globalId('ApiKey', id) }),
    scopes: t.field({ type: [Scopes], description: 'What it may do.', resolve: ({ scopes }) => [...scopes] }),
  }),
});

builder.objectField(ViewerType, 'key', (t) =>
  t.field({
    type: ViewerKey,
    nullable: true,
    description: 'The key that this request came with; null for a person.',
    resolve: ({ key }) => key,
  }),
);

const keyPayload = (name: string) =>
  payloadType<{ keyId: string; token?: string; replayed?: boolean }>(name, (t) => ({
    apiKey: t.prismaField({
      type: ApiKey,
      nullable: true,
      description: 'The key as it is now.',
      resolve: (...[query, { keyId }, , { api }]) => {
        const selected = { ...query };
        return keyId ? api.database.prisma.apiKey.findUnique({ ...selected, where: { id: keyId } }) : null;
      },
    }),
    ...(name === 'CreateApiKeyPayload' && {
      token: t.string({
        nullable: true,
        description: 'The whole token, for `Authorization: Bearer`; shown this once, and null where `replayed`.',
        resolve: ({ token }) => token ?? null,
      }),
      replayed: t.boolean({
        description: 'True when the key had been used for this same request: revoke what nobody has the token of.',
        resolve: ({ replayed }) => replayed ?? false,
      }),
    }),
  }));

mutation('createApiKey', {
  about: 'Make a key for a program. Its token is in this answer and nowhere else.',
  check: createApiKeyInput,
  perform: createApiKey,
  payload: keyPayload('CreateApiKeyPayload'),
  input: builder.inputType('CreateApiKeyInput', {
    description: 'What the key may do, and for how long.',
    fields: (t) => ({
      workspaceId: t.id({ required: true, description: 'Where it acts.' }),
      name: t.string({ required: true, description: 'What it is for; at most 80 characters.' }),
      scopes: t.field({ type: [Scopes], required: true, description: 'What it may do.' }),
      expiresInDays: t.int({ required: true, defaultValue: 90, description: 'Days until it runs out, 1 to 365.' }),
      idempotencyKey: t.string({ description: 'The same key makes one; 1 to 64 characters.' }),
    }),
  }),
});

mutation('revokeApiKey', {
  about: 'End a key at once.',
  check: revokeApiKeyInput,
  perform: revokeApiKey,
  payload: keyPayload('RevokeApiKeyPayload'),
  input: builder.inputType('RevokeApiKeyInput', {
    description: 'The key to end.',
    fields: (t) => ({ keyId: t.id({ required: true, description: 'Which one.' }) }),
  }),
});
