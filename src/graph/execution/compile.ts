import { type FieldNode, type GraphQLObjectType, isLeafType, isNonNullType, type SelectionSetNode } from 'graphql';
import { globalId } from '#base/global-id.ts';
import { nodeTypeOf, writtenResolverOf } from '#graph/planned-resolvers.ts';
import { completeOf, leave } from './complete.ts';
import { answered, type Field } from './field.ts';
import { type At, isObject, isPromise } from './request.ts';
import { resolverOf } from './resolver.ts';
import { fieldsSelected, type Grammar } from './selection.ts';

/** Answers a selection of an object. */
export type Answer = (source: unknown, at: At) => Data | Promise<Data>;

/** An object of an answer. */
export type Data = Record<string, unknown>;

/**
 * Makes a selection ready to be answered: which fields, their resolvers, arguments and completions are worked out once
 * for a document, not once for each row. `above` are the keys since the field that the data model's plan was asked for.
 */
export function compiled(
  grammar: Grammar,
  type: GraphQLObjectType,
  { sets, above }: { sets: readonly (SelectionSetNode | undefined)[]; above: readonly string[] },
): Answer {
  const selected = [...fieldsSelected(grammar, type, sets)];
  const parts = selected.map(([key, nodes]) => partOf(grammar, { type, key, nodes, above }));
  return (source, at) => {
    const done: Data = {};
    let waits = false;
    try {
      for (const part of parts) {
        const value = typeof part === 'string' ? type.name : answered(part, source, at);
        done[typeof part === 'string' ? part : part.key] = value;
        waits ||= isPromise(value);
      }
    } catch (thrown) {
      leave(Object.values(done));
      throw thrown;
    }
    return waits ? allOf(done) : done;
  };
}

async function allOf(done: Data): Promise<Data> {
  const keys = Object.keys(done);
  const values = await Promise.all(keys.map((key) => done[key]));
  for (const [at, key] of keys.entries()) done[key] = values[at];
  return done;
}

interface Selected {
  readonly type: GraphQLObjectType;
  readonly key: string;
  readonly nodes: readonly FieldNode[];
  readonly above: readonly string[];
}

/** A field; of `__typename` only the key, because the type says it. */
function partOf(grammar: Grammar, { type, key, nodes, above }: Selected): Field | string {
  const name = nodes[0]?.name.value ?? key;
  if (name === '__typename') return key;
  const definition = grammar.schema.getField(type, name);
  if (!definition) throw new TypeError(`${type.name}.${name} is not in the schema`);
  const keys = [...above, key];
  const below = writtenResolverOf(definition) ? [] : keys;
  const sets = nodes.map(({ selectionSet }) => selectionSet);
  const objects = (object: GraphQLObjectType): Answer => {
    let answer: Answer | undefined;
    return (source, at) => {
      answer ??= compiled(grammar, object, { sets, above: below });
      return answer(source, at);
    };
  };
  const self = (): Field => field;
  const field: Field = {
    key,
    nodes,
    parent: type,
    definition,
    nullable: !isNonNullType(definition.type),
    property: propertyOf(definition),
    resolve: resolverOf(definition, {
      planned: `${type.name}@${keys.join('.')}`,
      field: self,
    }),
    complete: completeOf(definition.type, { field: self, objects }),
  };
  return field;
}

/** The property that is all a leaf shows, where it is shown as it is. */
function propertyOf(definition: Field['definition']): Field['property'] {
  const { extensions, resolve } = definition;
  const type = isNonNullType(definition.type) ? definition.type.ofType : definition.type;
  const name: unknown = extensions.pothosExposedField;
  const node = nodeTypeOf(definition);
  if (node !== null) return { read: idIn, planned: true, show: (id) => globalId(node, String(id)) };
  if (!isLeafType(type) || typeof name !== 'string') return null;
  const planned = writtenResolverOf(definition) !== null;
  const bare = !resolve || resolve === extensions.pothosOriginalResolve;
  return planned || bare ? { read: readerOf(name), planned, show: (value) => type.coerceOutputValue(value) } : null;
}

/** Sources are objects: what a resolver gives for an object type, and null never comes this far. */
const readerOf =
  (name: string) =>
  (source: unknown): unknown =>
    isObject(source) ? source[name] : undefined;

const idIn = readerOf('id');
