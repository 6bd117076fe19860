import { setImmediate } from 'node:timers/promises';
import type { GraphQLAbstractType } from 'graphql';
import {
  GraphQLError,
  type GraphQLLeafType,
  type GraphQLNullableOutputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { type Below, type Complete, type Field, failed, type Place, settled } from './field.ts';
import { infoOf } from './info.ts';
import { isPromise, type Request } from './request.ts';
import { rightOf } from './rights.ts';

/** What a completion is made for: the field, and how objects of a type below it are answered. */
export interface Target {
  readonly field: () => Field;
  readonly objects: (type: GraphQLObjectType) => (source: unknown, at: Below) => unknown;
}

/** How values of a type are completed below a field. */
export function completeOf(type: GraphQLOutputType, target: Target): Complete {
  if (!isNonNullType(type)) return orNull(type, target);
  const complete = orNull(type.ofType, target);
  return (value, at) => {
    const done = complete(value, at);
    return isPromise(done) ? done.then((given) => notNull(given, target)) : notNull(done, target);
  };
}

function notNull(value: unknown, { field }: Target): unknown {
  if (value !== null) return value;
  const { parent, definition } = field();
  throw new Error(`Cannot return null for non-nullable field ${parent.name}.${definition.name}.`);
}

function orNull(type: GraphQLNullableOutputType, target: Target): Complete {
  const complete = presentOf(type, target);
  return (value, at) => {
    if (value instanceof Error) throw value;
    return value === null || value === undefined ? null : complete(value, at);
  };
}

function presentOf(type: GraphQLNullableOutputType, target: Target): Complete {
  if (isLeafType(type)) return (value) => leafOf(type, value);
  if (isListType(type)) return listOf(type.ofType, target);
  return isObjectType(type) ? objectOf(type, target) : abstractOf(type, target);
}

function leafOf(type: GraphQLLeafType, value: unknown): unknown {
  const done: unknown = type.coerceOutputValue(value);
  if (done === null || done === undefined) throw new Error(`A ${type.name} cannot be sent as nothing.`);
  return done;
}

function listOf(type: GraphQLOutputType, target: Target): Complete {
  const complete = completeOf(type, target);
  const nullable = !isNonNullType(type);
  let place: Place | undefined;
  return (values, above) => {
    const { nodes, parent, definition } = target.field();
    place ??= { nodes, nullable };
    if (!isIterable(values)) {
      throw new GraphQLError(`Expected Iterable, but did not find one for field "${parent.name}.${definition.name}".`);
    }
    const items: unknown[] = [];
    const at = { request: above.request, scope: above.scope, place };
    const list = { values: values[Symbol.iterator](), items, waits: false };
    const item = (value: unknown): unknown =>
      itemOf(value, complete, { ...at, path: { prev: above.path, key: items.length, typename: undefined } });
    return filled(list, item) ? given(list) : filledInTime(list, item, above.request);
  };
}

/** A list on its way: what is still to come, and what is completed. */
interface List {
  readonly values: Iterator<unknown>;
  readonly items: unknown[];
  waits: boolean;
}

/** Items completed without a pause. Others wait for less than a hundredth of a second. */
const atOnce = 2_000;

/** Completes some more items; says whether that was all of them. */
function filled(list: List, complete: (value: unknown) => unknown): boolean {
  const { values, items } = list;
  try {
    for (let left = atOnce; left > 0; left -= 1) {
      const next = values.next();
      if (next.done) return true;
      const item = complete(next.value);
      list.waits ||= isPromise(item);
      items.push(item);
    }
    return false;
  } catch (thrown) {
    leave(items);
    throw thrown;
  }
}

const given = ({ items, waits }: List): unknown => (waits ? Promise.all(items) : items);

/** A long list lets others in between, and the deadline: without, 87 MB of words kept everybody waiting for 18 seconds. */
async function filledInTime(list: List, complete: (value: unknown) => unknown, { args }: Request): Promise<unknown> {
  do {
    // What is completed already may fail meanwhile; the list tells of it when it waits for all.
    leave(list.items);
    await setImmediate();
    args.externalAbortSignal?.throwIfAborted();
  } while (!filled(list, complete));
  return given(list);
}

const isIterable = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.iterator in value;

function itemOf(value: unknown, complete: Complete, at: Below & { readonly place: Place }): unknown {
  try {
    return settled(isPromise(value) ? value.then((given) => complete(given, at)) : complete(value, at), at.place, at);
  } catch (thrown) {
    return failed(thrown, at.place, at);
  }
}

/** What is still under way when something beside it failed is nobody's any more. */
export function leave(values: Iterable<unknown>): void {
  for (const value of values) if (isPromise(value)) value.catch(() => {});
}

function objectOf(type: GraphQLObjectType, target: Target): Complete {
  const answer = target.objects(type);
  const { isTypeOf } = type;
  if (!isTypeOf) return answer;
  const right = rightOf(type);
  return (source, at) => {
    const { request } = at;
    if (right.held(source, request)) return answer(source, at);
    const field = target.field();
    const checked = (is: boolean): unknown => {
      if (!is) throw new GraphQLError(`Expected value of type "${type.name}".`, { nodes: field.nodes });
      right.hold(source, request);
      return answer(source, at);
    };
    const is = isTypeOf(source, request.args.contextValue, infoOf(field, request, at.path));
    return isPromise(is) ? is.then(checked) : checked(is);
  };
}

function abstractOf(type: GraphQLAbstractType, target: Target): Complete {
  const completes = new Map<GraphQLObjectType, Complete>();
  const completed = (name: unknown, value: unknown, at: Below): unknown => {
    const concrete = concreteOf(type, name, at);
    const complete = completes.get(concrete) ?? objectOf(concrete, target);
    completes.set(concrete, complete);
    return complete(value, at);
  };
  return (value, at) => {
    const { args } = at.request;
    const resolveType = type.resolveType ?? args.typeResolver;
    const name: unknown = resolveType(value, args.contextValue, infoOf(target.field(), at.request, at.path), type);
    return isPromise(name) ? name.then((given) => completed(given, value, at)) : completed(name, value, at);
  };
}

function concreteOf(type: GraphQLAbstractType, name: unknown, { request: { args } }: Below): GraphQLObjectType {
  const concrete = typeof name === 'string' ? args.schema.getType(name) : undefined;
  if (!isObjectType(concrete) || !args.schema.isSubType(type, concrete)) {
    throw new GraphQLError(`Abstract type "${type.name}" must resolve to one of its object types.`);
  }
  return concrete;
}
