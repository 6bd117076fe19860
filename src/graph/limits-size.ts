import { type FieldNode, type GraphQLField, getNamedType, isLeafType, Kind, type ValueNode } from 'graphql';
import { defaultPage, limits } from './limits.ts';

/** Values of a request's variables; null stands for the most that each may be. */
export type Variables = Readonly<Record<string, unknown>> | null;

/** How many items a list without a page is taken for, unless its field says so. */
const plainList = 5;

/** For the `extensions` of a field that takes as much as this many plain ones. */
export const weighing = (weight: number): { weight: number } => ({ weight });

/** For the `extensions` of a list without a page: how many items it mostly has. */
export const listing = (items: number): { items: number } => ({ items });

/** What a field costs besides what is selected of it: a value comes with its object. */
export function weightOf({ extensions, type }: GraphQLField<unknown, unknown>): number {
  if (typeof extensions.weight === 'number') return extensions.weight;
  return isLeafType(getNamedType(type)) ? 0 : 1;
}

/** How many items a field gives: the page or the ids that are asked for, else what it says of itself. */
export function sizeOf(
  { args, extensions }: GraphQLField<unknown, unknown>,
  node: FieldNode,
  variables: Variables,
): number {
  if (typeof extensions.items === 'number') return extensions.items;
  const asked = (node.arguments ?? [])
    .filter(({ name }) => sizing.has(name.value))
    .map(({ value }) => sizeIn(value, variables))
    .filter((size) => size !== null);
  if (asked.length > 0) return Math.max(...asked);
  return args.some(({ name }) => name === 'first') ? defaultPage : plainList;
}

/** The arguments that say how many: those of a page, and the ids of `nodes`. */
const sizing = new Set(['first', 'last', 'ids']);

function sizeIn(value: ValueNode, variables: Variables): number | null {
  if (value.kind === Kind.INT) return within(Number(value.value));
  if (value.kind === Kind.LIST) return value.values.length;
  if (value.kind !== Kind.VARIABLE) return null;
  if (variables === null) return limits.page;
  const given = variables[value.name.value];
  if (typeof given === 'number') return within(given);
  return Array.isArray(given) ? given.length : null;
}

/** What lies outside is refused by a rule of its own, and must not lower what the rest costs. */
const within = (size: number): number => Math.min(Math.max(size, 0), limits.page);
