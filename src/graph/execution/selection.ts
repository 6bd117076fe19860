import {
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type InlineFragmentNode,
  isAbstractType,
  Kind,
  type SelectionSetNode,
} from 'graphql';

/** What the selections of an operation are read by. */
export interface Grammar {
  readonly schema: GraphQLSchema;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  /** The values of the variables that say whether something is selected. */
  readonly conditions: Readonly<Record<string, unknown>>;
}

/** The fields that are selected of a type, by their keys in the answer, in order. */
export function fieldsSelected(
  grammar: Grammar,
  type: GraphQLObjectType,
  sets: readonly (SelectionSetNode | undefined)[],
): Map<string, FieldNode[]> {
  const found = new Map<string, FieldNode[]>();
  const seen = new Set<string>();
  for (const set of sets) if (set) collect({ grammar, type, found, seen }, set);
  return found;
}

interface Collecting {
  readonly grammar: Grammar;
  readonly type: GraphQLObjectType;
  readonly found: Map<string, FieldNode[]>;
  readonly seen: Set<string>;
}

function collect(collecting: Collecting, { selections }: SelectionSetNode): void {
  const { grammar, found } = collecting;
  for (const node of selections) {
    if (!isSelected(grammar, node.directives)) continue;
    if (node.kind === Kind.FIELD) {
      const key = node.alias?.value ?? node.name.value;
      found.set(key, [...(found.get(key) ?? []), node]);
    } else {
      const fragment = fragmentOf(collecting, node);
      if (fragment && applies(collecting, fragment)) collect(collecting, fragment.selectionSet);
    }
  }
}

/** A fragment counts once in a selection, however often it is spread there. */
function fragmentOf(
  { grammar, seen }: Collecting,
  node: FragmentSpreadNode | InlineFragmentNode,
): FragmentDefinitionNode | InlineFragmentNode | undefined {
  if (node.kind === Kind.INLINE_FRAGMENT) return node;
  const { value } = node.name;
  if (seen.has(value)) return undefined;
  seen.add(value);
  return grammar.fragments[value];
}

function applies(
  { grammar: { schema }, type }: Collecting,
  { typeCondition }: FragmentDefinitionNode | InlineFragmentNode,
): boolean {
  if (!typeCondition) return true;
  const wanted = schema.getType(typeCondition.name.value);
  return wanted === type || (isAbstractType(wanted) && schema.isSubType(wanted, type));
}

function isSelected({ conditions }: Grammar, directives: readonly DirectiveNode[] = []): boolean {
  return directives.every(({ name, arguments: given = [] }) => {
    const value = given.find((argument) => argument.name.value === 'if')?.value;
    const holds =
      value?.kind === Kind.VARIABLE ? conditions[value.name.value] : value?.kind === Kind.BOOLEAN && value.value;
    if (name.value === 'skip') return holds !== true;
    return name.value !== 'include' || holds === true;
  });
}
