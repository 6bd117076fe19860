import { type FieldNode, type GraphQLField, type GraphQLObjectType, locatedError } from 'graphql';
import { type At, isPromise, keysOf, note, type Path } from './request.ts';

/** What a value becomes in the answer, or a promise of it. Throws where null stands and may not. */
export type Complete = (value: unknown, at: Below) => unknown;

/** A place below the root, whose fields may turn out to be read by another plan. */
export type Below = At & { readonly path: Path };

/** A field of a selection, ready to be answered for any number of rows. */
export interface Field {
  readonly key: string;
  readonly nodes: readonly FieldNode[];
  readonly parent: GraphQLObjectType;
  readonly definition: GraphQLField<unknown, unknown>;
  /** Whether an error leaves it null; otherwise what is above it. */
  readonly nullable: boolean;
  /** The property of the source that is all it shows; `planned` ones are there where the plan's rows are. */
  readonly property: Property | null;
  readonly resolve: (source: unknown, at: Below) => unknown;
  readonly complete: Complete;
}

/** A property of the source, and how its value is shown; throws for one that cannot be. */
interface Property {
  readonly read: (source: unknown) => unknown;
  readonly planned: boolean;
  readonly show: (value: unknown) => unknown;
}

/** Answers a field of a source. */
export function answered(field: Field, source: unknown, above: At): unknown {
  const { property } = field;
  if (property && (above.scope !== null || !property.planned)) {
    const value: unknown = property.read(source);
    if (value === null && field.nullable) return null;
    // What needs no place in the answer to be completed, and cannot fail, is nearly everything.
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value instanceof Date) {
      return shown(property, value) ?? resolved(field, source, above);
    }
  }
  return resolved(field, source, above);
}

/** The leaf as it is sent; undefined where it cannot be, which is told by the longer way. */
function shown({ show }: Property, value: unknown): unknown {
  try {
    return show(value);
  } catch {
    return undefined;
  }
}

function resolved(field: Field, source: unknown, above: At): unknown {
  const path = { prev: above.path, key: field.key, typename: field.parent.name };
  const at: Below = { request: above.request, path, scope: above.scope };
  try {
    const value = field.resolve(source, at);
    const done = isPromise(value) ? value.then((given) => field.complete(given, at)) : field.complete(value, at);
    return settled(done, field, at);
  } catch (thrown) {
    return failed(thrown, field, at);
  }
}

/** What something stands in: whether it may be null, and which part of the document asked for it. */
export type Place = Pick<Field, 'nodes' | 'nullable'>;

/** A value whose promise, should it be one and fail, leaves its place null. */
export const settled = (value: unknown, place: Place, at: Below): unknown =>
  isPromise(value) ? value.then(undefined, (thrown: unknown) => failed(thrown, place, at)) : value;

/** Notes what went wrong and gives null, or throws it where null may not stand. */
export function failed(thrown: unknown, { nodes, nullable }: Place, at: Below): null {
  const error = locatedError(thrown, nodes, keysOf(at.path));
  if (!nullable) throw error;
  note(at.request, error, at.path);
  return null;
}
