import { brandWithType } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from './context.ts';
import { plannedQuery } from './reads/kept-plans.ts';
import { delegateName, readsOf } from './reads/reads.ts';

/** What the data model's plugin keeps at a type: the model of its rows, and how one of them is found. */
interface Rows {
  readonly pothosPrismaModel: string;
  readonly pothosPrismaLoader: (context: Context) => Finder;
}

interface Finder {
  findUnique(row: { id: string }, context: Context): object;
}

interface Delegate {
  findUnique(query: object): Promise<object | null>;
}

/** A node by its id, as the relay plugin reads it, but by a kept plan; null for what is no row of the data model. */
export function plannedNode(
  context: Context,
  info: GraphQLResolveInfo,
  { typename, id }: { typename: string; id: string },
): Promise<object | null> | null {
  const rows: unknown = info.schema.getType(typename)?.extensions;
  if (!isRows(rows)) return null;
  const where = rows.pothosPrismaLoader(context).findUnique({ id }, context);
  return found(delegateOf(context, rows).findUnique({ ...plannedQuery(context, info, typename), where }), typename);
}

async function found(row: Promise<object | null>, typename: string): Promise<object | null> {
  const known = await row;
  // Tells the interface which of its types this is, by a name of the schema.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  if (known) brandWithType(known, typename as Parameters<typeof brandWithType>[1]);
  return known;
}

const isRows = (rows: unknown): rows is Rows =>
  typeof rows === 'object' &&
  rows !== null &&
  'pothosPrismaModel' in rows &&
  'pothosPrismaLoader' in rows &&
  typeof rows.pothosPrismaModel === 'string' &&
  typeof rows.pothosPrismaLoader === 'function';

/** The finding methods of a model, by the name that the typed client gives it. */
function delegateOf({ api }: Context, { pothosPrismaModel: model }: Rows): Delegate {
  const delegate: Delegate = Reflect.get(readsOf(api.database), delegateName(model));
  return delegate;
}
