import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';
import type { GraphQLField, GraphQLFieldResolver } from 'graphql';
import { globalId } from '#base/global-id.ts';

declare global {
  namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      plannedResolvers: PlannedResolvers<Types>;
    }
  }
}

type Resolver = GraphQLFieldResolver<unknown, unknown>;

const planned = new WeakSet<object>();
const nodeIds = new WeakMap<object, string>();

/**
 * Stands ahead of the data model's plugin in the list, so that it sees what that made of a resolver, and nothing else but
 * the check of its cursors: of a field that fails it nothing was planned, and then all that is around the field is asked.
 * The id of a node is told at once: as Relay's plugin does it, each one is a promise, and every row one more.
 */
class PlannedResolvers<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolver: GraphQLFieldResolver<unknown, Types['Context'], object>,
    { kind, extensions, name, parentType }: PothosOutputFieldConfig<Types>,
  ): typeof resolver {
    if (kind === 'PrismaObject' && extensions?.pothosPrismaSelect) planned.add(resolver);
    if (name !== 'id' || !this.#isNode(parentType)) return resolver;
    const idOf: typeof resolver = (row) => globalId(parentType, rowIdOf(row));
    nodeIds.set(idOf, parentType);
    return idOf;
  }

  #isNode(parentType: string): boolean {
    const { extensions } = this.buildCache.getTypeConfig(parentType);
    return Boolean(extensions?.pothosPrismaModel) && 'pothosParseGlobalID' in (extensions ?? {});
  }
}

/** Every row of a node has its id: it is selected with each of them. */
function rowIdOf(row: unknown): string {
  if (typeof row === 'object' && row !== null && 'id' in row && typeof row.id === 'string') return row.id;
  throw new TypeError('a row without an id');
}

SchemaBuilder.registerPlugin('plannedResolvers', PlannedResolvers);

/**
 * The resolver of a field as it was written, where nothing but the data model's plugin is around it: for a row that the
 * planned query has read it does the same. Null where anything else is around it, such as a check of rights.
 */
export function writtenResolverOf({ resolve, extensions }: GraphQLField<unknown, unknown>): Resolver | null {
  const written: unknown = extensions.pothosOriginalResolve;
  if (!resolve || !planned.has(resolve) || typeof written !== 'function') return null;
  // Pothos keeps there what the field was given as `resolve`.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return written as Resolver;
}

/** The type whose rows' ids a field tells; null for any other field. */
export const nodeTypeOf = ({ resolve }: GraphQLField<unknown, unknown>): string | null =>
  (resolve && nodeIds.get(resolve)) ?? null;
