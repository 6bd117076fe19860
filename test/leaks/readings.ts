import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  getNamedType,
  isAbstractType,
  isInputObjectType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { schema } from '#schema.ts';
import { inputOf, type Place, placesOf, textTypes } from './inputs.ts';
import type { Names } from './world.ts';

/** A document, and what its variables are once somebody says whose rows they name. */
export interface Reading {
  readonly title: string;
  readonly query: string;
  readonly variables: (names: Names) => Record<string, unknown>;
}

type Field = GraphQLField<unknown, unknown>;

/** What arguments are given that must be there, or that keep pages small: by `Type.field(argument)`, else by type. */
const given: Readonly<Record<string, (names: Names) => unknown>> = {
  'Query.node(id)': (names) => names('Upload'),
  'Query.nodes(ids)': (names) => [names('Upload'), names('Run')],
  'Query.planRun(uploadId)': (names) => names('Upload'),
  'Subscription.runEvents(runId)': (names) => names('Run.active'),
  'Subscription.workspaceActivity(workspaceId)': (names) => names('Workspace'),
  'Transcript.matches(query)': () => 'hello',
  'Workspace.transcriptMatches(query)': () => 'hello',
};

/** Variables of one document, as they are found while it is written. */
interface Writing {
  readonly variables: { readonly name: string; readonly type: string; readonly value: (names: Names) => unknown }[];
}

/** Every object type of the schema that is not GraphQL's own. */
export const objectTypes: readonly GraphQLObjectType[] = Object.values(schema.getTypeMap())
  .filter(isObjectType)
  .filter(({ name }) => !name.startsWith('__'));

/** The types that `node` gives. */
export const nodeTypes = objectTypes.filter((type) => isNode(type));

function isNode(type: GraphQLNamedType): boolean {
  return isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Node');
}

/** Fields at a time, so that no document is too large for the limits of an operation. */
const chunk = 6;

/** The roots that find rows by their ids: one, or several at once, which are looked up together. */
type Finder = 'node' | 'nodes';

/** Two at once, but of what is so long that an operation may ask for one only. */
const found = (finder: Finder, id: string, fields: readonly Field[]): string => {
  if (finder === 'node') return `node(id: ${id})`;
  const long = fields.some(({ extensions }) => Number(extensions.items ?? 0) >= 1_000);
  return `nodes(ids: [${long ? id : `${id}, ${id}`}])`;
};

/** Documents that ask every field of a node type, each one field deep and through everything that is no node itself. */
export const nodeReadings = (type: GraphQLObjectType, finder: Finder = 'node'): Reading[] =>
  chunksOf(Object.values(type.getFields())).map((fields) => {
    const names = fields.map(({ name }) => name).join(' ');
    return written(`${finder}: ${type.name} { ${names} }`, 'query', (writing) => {
      const id = variableFor(writing, { type: 'ID!', value: (of) => of(type.name) });
      const asked = fields.map((field) => selected(type, field, { writing })).join(' ');
      return `${found(finder, id, fields)} { __typename ... on ${type.name} { ${asked} } }`;
    });
  });

/** Documents that ask each root of the kind, all the way down to nodes. */
export function rootReadings(kind: 'query' | 'subscription'): Reading[] {
  const root = kind === 'query' ? schema.getQueryType() : schema.getSubscriptionType();
  if (!root) return [];
  return Object.values(root.getFields()).map((field) =>
    written(`${root.name}.${field.name}`, kind, (writing) => selected(root, field, { writing })),
  );
}

/** The document of a stream that goes on after a cursor, which is its variable `after`. */
export function resumedReading(field: Field): Reading {
  const root = schema.getSubscriptionType();
  if (!root) throw new Error('there are no streams');
  const type = String(field.args.find(({ name }) => name === 'after')?.type);
  return written(field.name, 'subscription', (writing) => {
    writing.variables.push({ name: 'after', type, value: () => null });
    return selected(root, field, { writing, put: { after: '$after' } });
  });
}

/** The document of a change, with one input. */
export function mutationReading(field: Field): Omit<Reading, 'variables'> {
  const type = String(field.args[0]?.type);
  const { query } = written(field.name, 'mutation', (writing) => {
    writing.variables.push({ name: 'input', type, value: () => null });
    return `${field.name}(input: $input) ${selectionOf(getNamedType(field.type), writing, [])}`;
  });
  return { title: field.name, query };
}

/** An argument of a field, and a place in it that takes a text by which something of somebody could be named. */
export interface ArgumentCase {
  readonly title: string;
  readonly type: GraphQLObjectType;
  readonly field: Field;
  readonly argument: GraphQLArgument;
  readonly place: Place;
}

/** Every such place of every argument of what can be read. */
export const argumentCases: readonly ArgumentCase[] = objectTypes
  .filter((type) => type !== schema.getMutationType() && type !== schema.getSubscriptionType())
  .flatMap((type) =>
    Object.values(type.getFields()).flatMap((field) =>
      field.args.flatMap((argument) =>
        placesIn(type, field, argument).map((place) => ({
          title: [`${type.name}.${field.name}(${argument.name})`, ...place.path].join('.'),
          type,
          field,
          argument,
          place,
        })),
      ),
    ),
  );

function placesIn(type: GraphQLObjectType, field: Field, argument: GraphQLArgument): Place[] {
  const named = getNamedType(argument.type);
  if (isInputObjectType(named)) return placesOf(named);
  if (named.name === 'ID') return [{ path: [], name: nameIn(`${type.name}.${field.name}(${argument.name})`) }];
  return textTypes.has(named.name) ? [{ path: [], name: null }] : [];
}

/** The name of the row whose id an argument is given. */
function nameIn(key: string): string {
  const named: string[] = [];
  const own = given[key];
  if (!own) throw new Error(`Say in test/leaks/readings.ts what ${key} is given.`);
  own((name) => {
    named.push(name);
    return name;
  });
  return named.at(-1) ?? '';
}

/** A document that asks a field of a row, with a value at a place of one of its arguments. */
export function argumentReading({ type, field, argument, place }: ArgumentCase) {
  let told = '';
  const value = (names: Names) => {
    if (place.path.length > 0) return inputOf(argument.type, names, { ...place, value: told });
    return String(argument.type).startsWith('[') ? [told] : told;
  };
  const { query, variables } = written('', 'query', (writing) => {
    const put = variableFor(writing, { type: String(argument.type), value });
    return underRow(type, writing, selected(type, field, { writing, put: { [argument.name]: put } }));
  });
  return {
    query,
    variables: (names: Names, text: string) => {
      told = text;
      return variables(names);
    },
  };
}

/** A document that asks a connection of a row for its cursors. */
export const cursorsReading = ({ type, field }: ArgumentCase): Reading =>
  written('', 'query', (writing) => underRow(type, writing, selected(type, field, { writing })));

function underRow(type: GraphQLObjectType, writing: Writing, asked: string): string {
  if (type === schema.getQueryType()) return asked;
  const way = wayTo(type);
  if (way) return `${way} { ${asked} }`;
  const id = variableFor(writing, { type: 'ID!', value: (of) => of(type.name) });
  return `node(id: ${id}) { ... on ${type.name} { ${asked} } }`;
}

/** The root without arguments that gives a type which is no node. */
function wayTo(type: GraphQLObjectType): string | null {
  if (isNode(type)) return null;
  const roots = Object.values(schema.getQueryType()?.getFields() ?? {});
  const way = roots.find((root) => getNamedType(root.type) === type && root.args.length === 0);
  if (!way) throw new Error(`Say in test/leaks/readings.ts on which way an argument of ${type.name} is given.`);
  return way.name;
}

function written(title: string, kind: string, write: (writing: Writing) => string): Reading {
  const writing: Writing = { variables: [] };
  const body = write(writing);
  const declared = writing.variables.map(({ name, type }) => `$${name}: ${type}`).join(', ');
  return {
    title,
    query: `${kind} ${declared && `(${declared})`} { ${body} }`,
    variables: (names) => Object.fromEntries(writing.variables.map(({ name, value }) => [name, value(names)])),
  };
}

function variableFor(writing: Writing, { type, value }: { type: string; value: (names: Names) => unknown }): string {
  const name = `v${writing.variables.length}`;
  writing.variables.push({ name, type, value });
  return `$${name}`;
}

/** How a field is asked: variables for some of its arguments, and the types that it stands below. */
interface Asking {
  readonly writing: Writing;
  readonly put?: Readonly<Record<string, string>>;
  readonly above?: readonly string[];
}

function selected(type: GraphQLObjectType, field: Field, { writing, put = {}, above = [] }: Asking): string {
  const args = field.args.flatMap((argument) => {
    const text = put[argument.name] ?? argumentOf(type, field, { argument, writing, put });
    return text === undefined ? [] : [`${argument.name}: ${text}`];
  });
  const below = getNamedType(field.type);
  const list = args.length > 0 ? `(${args.join(', ')})` : '';
  return `${field.name}${list}${isLeafType(below) ? '' : ` ${selectionOf(below, writing, above)}`}`;
}

function argumentOf(
  type: GraphQLObjectType,
  field: Field,
  { argument, writing, put }: { argument: GraphQLArgument; writing: Writing; put: Readonly<Record<string, string>> },
): string | undefined {
  const key = `${type.name}.${field.name}(${argument.name})`;
  const own = given[key];
  if (own) return variableFor(writing, { type: String(argument.type), value: own });
  if (argument.name === 'first') return 'before' in put ? undefined : '5';
  if (argument.name === 'last') return 'before' in put ? '5' : undefined;
  if (!isRequiredArgument(argument)) return undefined;
  const named = getNamedType(argument.type);
  if (isLeafType(named) && !('getValues' in named))
    throw new Error(`Say in test/leaks/readings.ts what ${key} is given.`);
  return variableFor(writing, { type: String(argument.type), value: (names) => inputOf(argument.type, names) });
}

/** Everything below a field up to the next node, of which only the id is asked: it has documents of its own. */
function selectionOf(type: GraphQLNamedType, writing: Writing, above: readonly string[]): string {
  if (isNode(type) || type.name === 'Node') return '{ __typename id }';
  if (above.includes(type.name)) return '{ __typename }';
  const path = [...above, type.name];
  if (isAbstractType(type)) {
    const members = schema
      .getPossibleTypes(type)
      .map((member) => `... on ${member.name} ${selectionOf(member, writing, path)}`);
    return `{ __typename ${members.join(' ')} }`;
  }
  if (!isObjectType(type)) throw new Error(`${type.name} has no fields`);
  const fields = Object.values(type.getFields()).map((field) => selected(type, field, { writing, above: path }));
  return `{ __typename ${fields.join(' ')} }`;
}

function chunksOf<Item>(items: readonly Item[]): Item[][] {
  return Array.from({ length: Math.ceil(items.length / chunk) }, (_, at) => items.slice(at * chunk, (at + 1) * chunk));
}

/** The input types of the schema. */
export const inputTypes = Object.values(schema.getTypeMap()).filter(isInputObjectType);
