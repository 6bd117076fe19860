import {
  type GraphQLField,
  type GraphQLFieldResolver,
  getNamedType,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';
import { isObject } from './request.ts';
import { fieldsSelected, type Grammar } from './selection.ts';

type Resolver = GraphQLFieldResolver<unknown, unknown>;
type Definition = GraphQLField<unknown, unknown>;

/** Which of the rows that were read make the page: one more than those may have been read, to know of the next page. */
interface Page {
  readonly from: number;
  readonly to: number;
}

/** The relation behind a connection of which nothing but `nodes` is selected; null for everything else. */
export function relationAlone(
  grammar: Grammar,
  { type, extensions }: Definition,
  sets: readonly (SelectionSetNode | undefined)[],
): string | null {
  const relation: unknown = extensions.pothosPrismaRelationField;
  const connection = getNamedType(type);
  if (typeof relation !== 'string' || !isObjectType(connection) || !connection.name.endsWith('Connection')) return null;
  const names = [...fieldsSelected(grammar, connection, sets).values()].map(([node]) => node?.name.value);
  return names.every((name) => name === 'nodes' || name === '__typename') ? relation : null;
}

/**
 * A connection without edges, for which a cursor would be made for each row only to be thrown away. Which rows are on the
 * page, the written resolver says: it is asked once for each number of rows read by the same arguments.
 */
export function withNodesAlone(relation: string, written: Resolver): Resolver {
  const pages = new WeakMap<object, Map<number, Page>>();
  return (...[source, args, context, info]) => {
    const rows = isObject(source) ? source[relation] : undefined;
    if (!Array.isArray(rows)) return written(source, args, context, info);
    const known = pages.get(args) ?? new Map<number, Page>();
    pages.set(args, known);
    const page = known.get(rows.length);
    if (page) return { edges: rows.slice(page.from, page.to).map((node: unknown) => ({ node })) };
    const connection: unknown = written(source, args, context, info);
    if (isConnection(connection)) known.set(rows.length, pageOf(rows, connection));
    return connection;
  };
}

interface Connection {
  readonly edges: readonly { readonly node: unknown }[];
}

function pageOf(rows: readonly unknown[], { edges }: Connection): Page {
  const from = Math.max(rows.indexOf(edges[0]?.node), 0);
  return { from, to: from + edges.length };
}

const isConnection = (value: unknown): value is Connection =>
  isObject(value) && Array.isArray(value.edges) && value.edges.every((edge) => isObject(edge) && 'node' in edge);
