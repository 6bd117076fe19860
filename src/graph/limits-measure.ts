import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { sizeOf, type Variables, weightOf } from './limits-size.ts';

/** What a selection asks for, fragments spread out. */
export interface Measure {
  /** Levels of fields; those below `__schema` and `__type` count as `introspectionDepth`. */
  readonly depth: number;
  readonly introspectionDepth: number;
  readonly aliases: number;
  readonly directives: number;
  readonly spreads: number;
  /** Fields that stand under a name which another field of the same object has already taken. */
  readonly repeats: number;
  /** How often each name of the selection itself is taken. */
  readonly names: ReadonlyMap<string, number>;
  /** Fields of the selection itself. */
  readonly fields: number;
  readonly cost: number;
  /** Cost of one item, of the lists that share out the page of a connection. */
  readonly itemCost: number;
}

/** What one walk goes by. */
interface Walk {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Variables;
  readonly known: Map<SelectionSetNode, Map<GraphQLNamedType | undefined, Measure>>;
  readonly open: Set<SelectionSetNode>;
}

const nothing: Measure = {
  depth: 0,
  introspectionDepth: 0,
  aliases: 0,
  directives: 0,
  spreads: 0,
  repeats: 0,
  names: new Map(),
  fields: 0,
  cost: 0,
  itemCost: 0,
};

/**
 * Measures an operation. Each selection is measured once for each type it stands on, however often fragments lead to it:
 * a document of fragments that each spread the next one twice takes as long as it is long, not two to the power of it.
 * What the schema does not know counts as a plain field: the walk comes before the rules that find such faults.
 */
export function measureOf(
  operation: OperationDefinitionNode,
  { schema, fragments, variables }: Pick<Walk, 'schema' | 'fragments' | 'variables'>,
): Measure {
  const walk: Walk = { schema, fragments, variables, known: new Map(), open: new Set() };
  const root = schema.getRootType(operation.operation) ?? undefined;
  const measure = ofSelections(operation.selectionSet, root, walk);
  const directives = measure.directives + (operation.directives?.length ?? 0);
  return { ...measure, directives, repeats: measure.repeats + repeatsIn(measure) };
}

/** Selections inside each other that are walked into; deeper ones are too deep anyhow, and would use up the stack. */
const mostOpen = 200;

function ofSelections(set: SelectionSetNode, type: GraphQLNamedType | undefined, walk: Walk): Measure {
  const known = walk.known.get(set)?.get(type);
  if (known) return known;
  // A fragment inside itself is refused by a rule of its own.
  if (walk.open.has(set)) return nothing;
  if (walk.open.size >= mostOpen) return { ...nothing, depth: mostOpen };
  walk.open.add(set);
  const parts = set.selections.map((selection) => ofSelection(selection, type, walk));
  const measure = { ...parts.reduce(together, nothing), names: namesOf(parts) };
  walk.open.delete(set);
  const types = walk.known.get(set) ?? new Map<GraphQLNamedType | undefined, Measure>();
  walk.known.set(set, types.set(type, measure));
  return measure;
}

/** All but the names, which are put together once for the whole selection. */
const together = (one: Measure, other: Measure): Measure => ({
  depth: Math.max(one.depth, other.depth),
  introspectionDepth: Math.max(one.introspectionDepth, other.introspectionDepth),
  aliases: one.aliases + other.aliases,
  directives: one.directives + other.directives,
  spreads: one.spreads + other.spreads,
  repeats: one.repeats + other.repeats,
  names: nothing.names,
  fields: one.fields + other.fields,
  cost: one.cost + other.cost,
  itemCost: one.itemCost + other.itemCost,
});

function namesOf(parts: readonly Measure[]): ReadonlyMap<string, number> {
  const sum = new Map<string, number>();
  for (const { names } of parts) for (const [name, count] of names) sum.set(name, count + (sum.get(name) ?? 0));
  return sum;
}

const repeatsIn = ({ names }: Measure): number => [...names.values()].reduce((sum, count) => sum + count - 1, 0);

function ofSelection(selection: SelectionNode, type: GraphQLNamedType | undefined, walk: Walk): Measure {
  if (selection.kind === Kind.FIELD) return ofField(selection, type, walk);
  const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : walk.fragments.get(selection.name.value);
  if (!fragment) return nothing;
  const narrowed = fragment.typeCondition ? walk.schema.getType(fragment.typeCondition.name.value) : type;
  const measure = ofSelections(fragment.selectionSet, narrowed, walk);
  const own = selection.directives?.length ?? 0;
  if (selection === fragment) return { ...measure, directives: measure.directives + own };
  const directives = measure.directives + own + (fragment.directives?.length ?? 0);
  return { ...measure, directives, spreads: measure.spreads + 1 };
}

function ofField(node: FieldNode, type: GraphQLNamedType | undefined, walk: Walk): Measure {
  const field = fieldOf(type, node.name.value);
  const inner = node.selectionSet ? ofSelections(node.selectionSet, field && getNamedType(field.type), walk) : nothing;
  const counts = {
    aliases: inner.aliases + (node.alias ? 1 : 0),
    directives: inner.directives + (node.directives?.length ?? 0),
    spreads: inner.spreads,
    repeats: inner.repeats + repeatsIn(inner),
    names: new Map([[node.alias?.value ?? node.name.value, 1]]),
    fields: 1,
  };
  if (introspects(node, type, walk)) {
    return { ...counts, depth: 1, introspectionDepth: 1 + inner.depth, cost: introspectionCost, itemCost: 0 };
  }
  const depths = { depth: 1 + inner.depth, introspectionDepth: inner.introspectionDepth };
  return { ...counts, ...depths, ...costOf({ node, field, type, inner }, walk) };
}

const fieldOf = (type: GraphQLNamedType | undefined, name: string): GraphQLField<unknown, unknown> | undefined =>
  isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;

/** The whole schema takes about as long to write out as a page of twenty rows with all they hold. */
const introspectionCost = 1_000;

/** By field and type, never by a name alone: a fragment may be called `__schema`, too. */
const introspects = ({ name }: FieldNode, type: GraphQLNamedType | undefined, { schema }: Walk): boolean =>
  (name.value === '__schema' || name.value === '__type') && type !== undefined && type === schema.getQueryType();

interface Costly {
  readonly node: FieldNode;
  readonly field: GraphQLField<unknown, unknown> | undefined;
  readonly type: GraphQLNamedType | undefined;
  readonly inner: Measure;
}

/** Each item of a list costs its own and what is selected of it; the lists of a connection are as long as its page. */
function costOf({ node, field, type, inner }: Costly, { variables }: Walk): Pick<Measure, 'cost' | 'itemCost'> {
  if (!field) return { cost: 1 + inner.cost, itemCost: 0 };
  const each = weightOf(field) + inner.cost;
  const isList = isListType(getNullableType(field.type));
  if (isList && type?.name.endsWith('Connection')) return { cost: 0, itemCost: each };
  const size = sizeOf(field, node, variables);
  return { cost: (isList ? size * each : each) + size * inner.itemCost, itemCost: 0 };
}
