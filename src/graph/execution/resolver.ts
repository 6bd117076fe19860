import { getLoaderMapping, setFieldMapping } from '@pothos/selection-mapper';
import { BREAK, type FieldNode, type GraphQLField, getArgumentValues, visit } from 'graphql';
import { writtenResolverOf } from '#graph/planned-resolvers.ts';
import { keptMapping } from '#graph/reads/kept-plans.ts';
import type { Below, Field } from './field.ts';
import { infoOf } from './info.ts';
import { isObject, type Scope } from './request.ts';

type Definition = GraphQLField<unknown, unknown>;

/** Where a field stands. */
interface Place {
  /** What the data model's plan calls it. */
  readonly planned: string;
  readonly field: () => Field;
}

/**
 * How a field gets its value. Fields that the data model's plan has read are answered as they were written; whether it
 * has is asked of the plan itself. Everything else goes through all that is around the field.
 */
export function resolverOf(definition: Definition, { planned, field }: Place): Field['resolve'] {
  const argsOf = argumentsOf(definition, field);
  const wrapped: Field['resolve'] = (source, at) => {
    const { args } = at.request;
    const resolve = definition.resolve ?? args.fieldResolver;
    return resolve(source, argsOf(at), args.contextValue, infoOf(field(), at.request, at.path));
  };
  const written = writtenResolverOf(definition);
  if (!written) return definition.extensions?.pothosPrismaSelect ? toldOfPlan(field, wrapped) : wrapped;
  const loaded = loadedCheckOf(definition);
  return (source, at) => {
    const { contextValue } = at.request.args;
    const mapping = at.scope === null ? mappingAt(field(), source, at) : at.scope[planned];
    const info = infoOf(field(), at.request, at.path);
    if (!mapping || !loaded(source, info, contextValue)) {
      at.scope = null;
      return wrapped(source, at);
    }
    at.scope = mapping.nested;
    return written(source, argsOf(at), contextValue, info);
  };
}

/** A field with more around it finds what a kept plan has read for it where the plugin looks: in the context. */
function toldOfPlan(field: () => Field, wrapped: Field['resolve']): Field['resolve'] {
  return (source, at) => {
    const { contextValue } = at.request.args;
    const place = { path: at.path, parent: field().parent.name, row: source };
    const mapping = isObject(contextValue) ? keptMapping(contextValue, place) : null;
    if (mapping && isObject(contextValue)) {
      setFieldMapping(contextValue, infoOf(field(), at.request, at.path), mapping, source);
    }
    return wrapped(source, at);
  };
}

/** What a plan that was made further up, outside of our own knowledge, has read for a field of this row. */
function mappingAt({ parent }: Field, source: unknown, { path, request }: Below): { nested: Scope } | null {
  const { contextValue } = request.args;
  if (!isObject(contextValue)) return null;
  const kept = keptMapping(contextValue, { path, parent: parent.name, row: source });
  return kept ?? getLoaderMapping(contextValue, path, parent.name, source);
}

type LoadedCheck = (source: unknown, info: unknown, context: unknown) => boolean;

function loadedCheckOf({ extensions }: Definition): LoadedCheck {
  const check: unknown = extensions.pothosPrismaLoaded;
  // The data model's plugin keeps it there, and asks it in the same way.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return typeof check === 'function' ? (check as LoadedCheck) : () => true;
}

type Args = Readonly<Record<string, unknown>>;

/** A field's arguments: once and for all where they depend on no variable, else once for all rows of a request. */
function argumentsOf(definition: Definition, field: () => Field): (at: Below) => Args {
  if (definition.args.length === 0) return () => none;
  let known: Args | undefined;
  let depends: boolean | undefined;
  return ({ request }) => {
    const [node] = field().nodes;
    if (!node) return none;
    const args = known ?? request.given.get(field());
    if (args) return args;
    const given = getArgumentValues(definition, node, request.args.variableValues);
    depends ??= dependsOnVariables(node);
    if (depends) request.given.set(field(), given);
    else known = given;
    return given;
  };
}

const none: Args = {};

function dependsOnVariables(node: FieldNode): boolean {
  let found = false;
  for (const argument of node.arguments ?? []) {
    visit(argument, {
      Variable() {
        found = true;
        return BREAK;
      },
    });
  }
  return found;
}
