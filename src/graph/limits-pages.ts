import { type ArgumentNode, type DocumentNode, GraphQLError, Kind, visit } from 'graphql';
import { limits } from './limits.ts';

/** Where a document says how long a page is to be. */
export interface Pages {
  /** Lengths that are written out and not accepted. */
  readonly faults: readonly GraphQLError[];
  /** Lengths in variables that are not accepted. */
  readonly faultsOf: (variables: Readonly<Record<string, unknown>>) => readonly GraphQLError[];
}

/** Finds them all. A length out of bounds is refused, never clamped: who asked for 1,000 would take 100 for all there are. */
export function pagesOf(document: DocumentNode): Pages {
  const faults: GraphQLError[] = [];
  const variables = new Map<string, ArgumentNode>();
  visit(document, {
    Argument(node) {
      if (node.name.value !== 'first' && node.name.value !== 'last') return;
      if (node.value.kind === Kind.VARIABLE) variables.set(node.value.name.value, node);
      else if (node.value.kind === Kind.INT && !accepted(Number(node.value.value))) faults.push(outOfBounds(node));
    },
  });
  return {
    faults,
    faultsOf: (values) =>
      [...variables]
        .filter(([name]) => {
          const value = values[name];
          return typeof value === 'number' && !accepted(value);
        })
        .map(([, node]) => outOfBounds(node)),
  };
}

const accepted = (length: number): boolean => length >= 0 && length <= limits.page;

const outOfBounds = (node: ArgumentNode): GraphQLError =>
  new GraphQLError(`\`${node.name.value}\` must be from 0 to ${limits.page}.`, {
    nodes: [node],
    extensions: { code: 'BAD_USER_INPUT' },
  });
