import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';
import { parsePrismaCursor } from '@pothos/plugin-prisma';
import { GraphQLError, type GraphQLFieldResolver, type GraphQLOutputType, getNamedType, isObjectType } from 'graphql';
import { z } from 'zod';

declare global {
  namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      rowCursors: RowCursors<Types>;
    }
  }
}

type Args = Readonly<Record<string, unknown>>;
type Select = (args: Args, ...rest: unknown[]) => unknown;

/**
 * Refuses what is no cursor of a row at the field that was given it. The data model's plugin takes whatever has the form
 * of its cursors, and the id in it would only fail in the database. Of such a field it plans nothing: a plan is made at the
 * top, where a refusal would stand at the wrong place and take everything else of the root with it.
 */
class RowCursors<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(field: PothosOutputFieldConfig<Types>): typeof field {
    const select: unknown = field.extensions?.pothosPrismaSelect;
    if (!hasPages(field) || !isSelect(select)) return field;
    const pothosPrismaSelect: Select = (args, ...rest) => (foreignIn(args) ? null : select(args, ...rest));
    return { ...field, extensions: { ...field.extensions, pothosPrismaSelect } };
  }

  override wrapResolve(
    resolver: GraphQLFieldResolver<unknown, Types['Context'], object>,
    field: PothosOutputFieldConfig<Types>,
  ): typeof resolver {
    if (!hasPages(field)) return resolver;
    return (...[row, args, context, info]) => {
      const foreign = foreignIn({ ...args });
      if (foreign && isOfRows(info.returnType)) throw refusal(foreign);
      return resolver(row, args, context, info);
    };
  }
}

const hasPages = ({ args }: { readonly args: object }): boolean => 'after' in args && 'before' in args;

const isSelect = (select: unknown): select is Select => typeof select === 'function';

/** Whether the places in a connection are rows; others, such as matches of a search, have cursors of their own. */
function isOfRows(type: GraphQLOutputType): boolean {
  const connection = getNamedType(type);
  const nodes = isObjectType(connection) ? connection.getFields().nodes : undefined;
  return typeof (nodes && getNamedType(nodes.type).extensions.pothosPrismaModel) === 'string';
}

/** The name of the argument that is no cursor of ours. */
const foreignIn = (args: Args): 'after' | 'before' | null =>
  (['after', 'before'] as const).find((name) => typeof args[name] === 'string' && !isOfRow(args[name])) ?? null;

const uuid = z.uuid();

/** All of our lists go by the id of their rows. */
function isOfRow(cursor: string): boolean {
  try {
    return uuid.safeParse(parsePrismaCursor(cursor)).success;
  } catch {
    return false;
  }
}

const refusal = (argument: string): GraphQLError =>
  new GraphQLError(`What \`${argument}\` says is not a cursor of this list.`, {
    extensions: { code: 'BAD_USER_INPUT' },
  });

SchemaBuilder.registerPlugin('rowCursors', RowCursors);
