import * as fc from 'fast-check';
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';

/** What random documents are made of. */
export interface Ground {
  readonly schema: GraphQLSchema;
  /** Values that an argument of this name may have, as they stand in a document. */
  readonly values: Readonly<Record<string, readonly string[]>>;
  /** Fields that are left out, because they answer differently each time. */
  readonly without: readonly string[];
}

/**
 * Random valid queries over a whole schema, with fragments, aliases, arguments and conditions by the variables `$on` and
 * `$off`, which have defaults and may be null.
 */
export const documents = (ground: Ground): fc.Arbitrary<string> =>
  selections(ground, ground.schema.getQueryType() ?? nothing(), 5).map(
    (set) =>
      `query ($on: Boolean = true, $off: Boolean = false) { __typename @include(if: $on) ... on Query @skip(if: $off) ${set} }`,
  );

function nothing(): never {
  throw new TypeError('a schema without queries');
}

function selections(ground: Ground, type: GraphQLNamedType, depth: number): fc.Arbitrary<string> {
  if (isAbstractType(type)) return ofAbstract(ground, type.name, depth);
  if (!isObjectType(type)) return fc.constant('');
  const usable = Object.values(type.getFields()).filter((field) => isUsable(ground, field, depth));
  const some = fc.subarray(usable, { minLength: Math.min(1, usable.length), maxLength: Math.min(3, usable.length) });
  return some
    .chain((fields) => fc.tuple(...fields.map((field) => selection(ground, field, depth))))
    .chain((parts) => fc.constantFrom(...spreads).map((spread) => setOf(type.name, parts, spread)));
}

/** What stands around a fragment, and on it. */
const spreads = [
  null,
  { around: '', on: '' },
  { around: '@include(if: $on)', on: '@skip(if: $off)' },
  { around: '@skip(if: $off)', on: '@include(if: $on) @skip(if: $off)' },
] as const;

/** Some of them inside a fragment as well: what is selected twice is merged, and what both select is there. */
function setOf(name: string, parts: readonly string[], spread: (typeof spreads)[number]): string {
  const some = parts.slice(0, 1).join(' ');
  const inside = spread ? `... ${spread.around} { __typename ... on ${name} ${spread.on} { __typename ${some} } }` : '';
  return `{ __typename ${parts.join(' ')} ${inside} }`;
}

function ofAbstract(ground: Ground, name: string, depth: number): fc.Arbitrary<string> {
  const type = ground.schema.getType(name);
  const concrete = isAbstractType(type) ? ground.schema.getPossibleTypes(type) : [];
  return fc
    .subarray([...concrete], { minLength: 1, maxLength: 3 })
    .chain((types) =>
      fc.tuple(
        ...types.map((each) =>
          selections(ground, each, depth).map((set) => `... on ${each.name} ${aliased(each.name, set)}`),
        ),
      ),
    )
    .map((parts) => `{ __typename ${parts.join(' ')} }`);
}

/** Fields of several types in one place may not differ: each type's get keys of their own. */
const aliased = (name: string, set: string): string =>
  set.replace(/^\{ __typename /, `{ __typename ${name}_name: __typename `).replaceAll(/\b(f\d+_)/g, `${name}_$1`);

const isUsable = ({ without }: Ground, field: GraphQLField<unknown, unknown>, depth: number): boolean =>
  !without.includes(field.name) && (depth > 0 || !isCompositeType(getNamedType(field.type)));

let used = 0;

function selection(ground: Ground, field: GraphQLField<unknown, unknown>, depth: number): fc.Arbitrary<string> {
  const given = field.args.filter((argument) => isRequiredArgument(argument) || ground.values[argument.name]);
  const below = getNamedType(field.type);
  return fc
    .record({
      set: isCompositeType(below) ? selections(ground, below, depth - 1) : fc.constant(''),
      values: fc.tuple(...given.map((argument) => valueOf(ground, argument))),
      condition: fc.constantFrom(
        '',
        '',
        '',
        '@include(if: $on)',
        '@skip(if: $off)',
        '@include(if: $on) @skip(if: $off)',
      ),
    })
    .map(({ set, values, condition }) => {
      const args = given.map((argument, at) => `${argument.name}: ${values[at]}`);
      return `f${used++}_${field.name}: ${field.name}${args.length > 0 ? `(${args.join(', ')})` : ''} ${condition} ${set}`;
    });
}

function valueOf(ground: Ground, { name, type }: GraphQLArgument): fc.Arbitrary<string> {
  const known = ground.values[name];
  return known ? fc.constantFrom(...known) : anyOf(ground, type);
}

function anyOf(ground: Ground, type: GraphQLInputType): fc.Arbitrary<string> {
  if (isNonNullType(type)) return anyOf(ground, type.ofType);
  if (isListType(type)) return anyOf(ground, type.ofType).map((value) => `[${value}]`);
  if (isEnumType(type)) return fc.constantFrom(...type.getValues().map(({ name }) => name));
  if (isInputObjectType(type)) return objectOf(ground, type);
  return fc.constantFrom(...(ground.values[type.name] ?? ['"text"']));
}

function objectOf(ground: Ground, type: Extract<GraphQLInputType, { getFields: unknown }>): fc.Arbitrary<string> {
  const fields = Object.values(type.getFields()).filter((field) => isRequiredInputField(field));
  const known = ground.values[type.name];
  if (known) return fc.constantFrom(...known);
  return fc
    .tuple(...fields.map((field) => anyOf(ground, field.type)))
    .map((values) => `{ ${fields.map((field, at) => `${field.name}: ${values[at]}`).join(', ')} }`);
}
