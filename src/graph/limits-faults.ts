import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  valueFromASTUntyped,
} from 'graphql';
import { type LimitName, limits } from './limits.ts';
import { type Measure, measureOf } from './limits-measure.ts';
import { pagesOf } from './limits-pages.ts';
import type { Variables } from './limits-size.ts';

/** What a request asks of a document. */
export interface Asked {
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/** A document that was measured once, to be held against the limits with each request's variables. */
export interface Measured {
  /** What it breaks whatever the variables: empty, or at most five. */
  readonly faults: readonly GraphQLError[];
  /** What it breaks with these variables. */
  readonly faultsOf: (asked: Asked) => readonly GraphQLError[];
}

/**
 * Measures a document as it was written, valid or not: the rules of the specification look at each pair of fields and
 * must not meet a document that is too large.
 */
export function measured(schema: GraphQLSchema, document: DocumentNode): Measured {
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const fragments = fragmentsOf(document);
  const most = operations.map((operation) => measureOf(operation, { schema, fragments, variables: null }));
  const defaults = operations.map(defaultsOf);
  const pages = pagesOf(document);
  return {
    faults: [...countFaults(operations), ...most.flatMap(shapeFaults), ...pages.faults].slice(0, limits.faults),
    faultsOf({ operationName, variables }) {
      const at = operations.findIndex(({ name }) => !operationName || name?.value === operationName);
      const operation = operations[at];
      if (!operation) return [];
      const values = { ...defaults[at], ...variables };
      const faults = pages.faultsOf(values);
      if (faults.length > 0 || (most[at]?.cost ?? 0) <= limits.cost) return faults;
      return costFaults(measureOf(operation, { schema, fragments, variables: values }));
    },
  };
}

const fragmentsOf = ({ definitions }: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> =>
  new Map(
    definitions
      .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  );

const countFaults = ({ length }: readonly unknown[]): GraphQLError[] => tooMany(length, 'operations', 'operations');

const shapeFaults = (measure: Measure): GraphQLError[] => [
  ...tooMany(measure.depth, 'depth', 'levels of fields'),
  ...tooMany(measure.introspectionDepth, 'introspectionDepth', 'levels of introspection'),
  ...tooMany(measure.aliases, 'aliases', 'aliases'),
  ...tooMany(measure.directives, 'directives', 'directives'),
  ...tooMany(measure.spreads, 'spreads', 'spread fragments'),
  ...tooMany(measure.repeats, 'repeats', 'repeated fields'),
  ...tooMany(measure.fields, 'rootFields', 'fields at the root'),
];

const costFaults = ({ cost }: Measure): GraphQLError[] => tooMany(cost, 'cost', 'points of cost');

function tooMany(found: number, limit: LimitName, what: string): GraphQLError[] {
  if (found <= limits[limit]) return [];
  return [tooComplex(`The operation has ${said(found)} ${what}; at most ${said(limits[limit])} are accepted.`)];
}

const said = (count: number): string => (count > 1e9 ? 'over a billion' : count.toLocaleString('en-US'));

/** A document that asks for more than one request may. */
export const tooComplex = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'QUERY_TOO_COMPLEX' } });

/** What stands in for variables that were not sent. */
const defaultsOf = ({ variableDefinitions = [] }: OperationDefinitionNode): Variables =>
  Object.fromEntries(
    variableDefinitions.flatMap(({ variable, defaultValue }) =>
      defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)]] : [],
    ),
  );
