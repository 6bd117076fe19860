import SchemaBuilder, { type ObjectRef } from '@pothos/core';
import DataloaderPlugin from '@pothos/plugin-dataloader';
import PrismaPlugin from '@pothos/plugin-prisma';
import RelayPlugin, { resolveNodes } from '@pothos/plugin-relay';
import ScopeAuthPlugin, { ForbiddenError } from '@pothos/plugin-scope-auth';
import { GraphQLError, type GraphQLResolveInfo } from 'graphql';
import { globalId } from '#base/global-id.ts';
import { Problem } from '#base/problem.ts';
import type PrismaTypes from '#generated/pothos.ts';
import { getDatamodel } from '#generated/pothos.ts';
import { type Context, sees, visibleTo } from './context.ts';
import { decodeGlobalId, isOfNode } from './ids.ts';
import { defaultPage, limits } from './limits.ts';
import { plannedNode } from './planned-node.ts';
import './planned-resolvers.ts';
import { readsOf } from './reads/reads.ts';
import { relayWords } from './relay-words.ts';
import './row-cursors.ts';

/** The schema under construction: every room adds its types, queries and mutations to it. */
export const builder = new SchemaBuilder<{
  PrismaTypes: PrismaTypes;
  Context: Context;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: { list: false; items: false };
  DefaultNodeNullability: false;
  AuthScopes: { signedIn: boolean; member: string };
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    URL: { Input: string; Output: string };
    Milliseconds: { Input: number; Output: number };
    ByteSize: { Input: number; Output: number | bigint };
    LanguageTag: { Input: string; Output: string };
    EventCursor: { Input: string; Output: string };
  };
}>({
  plugins: [ScopeAuthPlugin, RelayPlugin, 'plannedResolvers', 'rowCursors', PrismaPlugin, DataloaderPlugin],
  defaultFieldNullability: false,
  prisma: {
    client: ({ api }) => readsOf(api.database),
    dmmf: getDatamodel(),
    filterConnectionTotalCount: true,
    maxConnectionSize: limits.page,
    defaultConnectionSize: defaultPage,
    onUnusedQuery: 'error',
  },
  relay: {
    ...relayWords,
    clientMutationId: 'omit',
    cursorType: 'String',
    nodesOnConnection: { description: 'The shortcut past `edges`.' },
    edgesFieldOptions: { nullable: { list: false, items: false }, description: 'Each with its cursor.' },
    nodesFieldOptions: { nullable: { list: false, items: false } },
    nodeFieldOptions: { nullable: false, description: 'The object itself.' },
    encodeGlobalID: (typename, id) => globalId(typename, String(id)),
    decodeGlobalID: (value) => decodeGlobalId(value),
    nodeQueryOptions: {
      description: 'Refetch any object by global id; null when absent or not visible.',
      nullable: true,
      args: { id: { description: 'Its global id.' } },
      resolve: (...[, { id }, context, info, resolveNode]) =>
        isOfNode(info, id) ? (plannedNode(context, info, id) ?? resolveNode(id)) : null,
    },
    nodesQueryOptions: {
      description: 'Batch form of `node`, at most 100 ids, same order.',
      nullable: { list: true, items: true },
      args: { ids: { description: 'Their global ids.' } },
      resolve: (...[, { ids }, context, info]) => nodesBy(fewEnough(ids), context, info),
    },
  },
  scopeAuth: {
    authScopes: ({ viewer }) => ({
      signedIn: viewer !== null,
      member: (workspaceId) => sees(viewer, workspaceId),
    }),
    unauthorizedError: (...[, { viewer }, , refusal]) =>
      viewer ? new ForbiddenError(refusal.message, refusal.failure) : unauthenticated(),
  },
});

/** Another code than FORBIDDEN, so that a client knows that signing in is what helps. */
const unauthenticated = (): GraphQLError =>
  new GraphQLError('Sign in first: this takes a valid token.', { extensions: { code: 'UNAUTHENTICATED' } });

function fewEnough<Id>(ids: Id[]): Id[] {
  if (ids.length > limits.page) throw new Problem('INVALID_INPUT', { reason: `At most ${limits.page} ids at a time.` });
  return ids;
}

/** In their order; what the plugin hands to a resolver to find them with looks for each of the ids as they came. */
function nodesBy(ids: readonly GivenId[], context: Context, info: GraphQLResolveInfo): Promise<unknown[]> {
  const known = ids.map((id) => (isOfNode(info, id) ? id : null));
  return resolveNodes(builder, context, info, known);
}

interface GivenId {
  readonly typename: string;
  readonly id: string;
}

/** The builder's types, for code that takes fields or refs of it. */
export type Types = typeof builder.$inferSchemaTypes;

builder.queryType({ description: 'Reads. Every root is nullable so that one failing root never erases its siblings.' });
builder.mutationType({ description: "Writes. A payload's `errors` is empty exactly when the change happened." });
builder.subscriptionType({ description: 'Live updates. Same events over WebSocket and SSE.' });

/**
 * What every node of a workspace shares: rows are looked up only inside the caller's workspaces, and the type itself
 * refuses a row of another one, should a resolver ever forget its filter. Without a select all columns would be read.
 */
export const owned = {
  id: { field: 'id', description: 'Globally unique, opaque.' },
  select: { id: true, workspaceId: true },
  nullable: true,
  findUnique: (id: string, context: Context) => ({ id, ...visibleTo(context) }),
  authScopes: (row: { workspaceId: string }) => ({ member: row.workspaceId }),
  runScopesOnType: true,
} as const;

/** The one connection type of a node type: `nodes` beside `edges`, and a total that is counted only when asked for. */
export function connectionOf<Row extends object>(type: ObjectRef<Types, Row>, name: string) {
  return builder.connectionObject(
    {
      type,
      name: `${name}Connection`,
      description: `A page of ${name} objects.`,
      fields: (t) => ({
        totalCount: t.int({
          description: 'How many there are in all; counted only when selected.',
          resolve: (connection) => totalOf(connection),
        }),
      }),
    },
    { name: `${name}Edge`, description: `One ${name} object and its place in the page.` },
  );
}

function totalOf(connection: object): number | Promise<number> {
  const { totalCount } = connection as { totalCount?: number | (() => number | Promise<number>) };
  return (typeof totalCount === 'function' ? totalCount() : totalCount) ?? 0;
}
