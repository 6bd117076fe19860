import {
  type FieldNode,
  type GraphQLField,
  getNamedType,
  isLeafType,
  Kind,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';
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
    .map(({ name, value }) => sizing.get(name.value)?.(givenBy(value, variables)) ?? null)
    .filter((size) => size !== null);
  if (asked.length > 0) return Math.max(...asked);
  return args.some(({ name }) => name === 'first') ? defaultPage : plainList;
}

/** What an argument is given. */
const givenBy = (value: ValueNode, variables: Variables): unknown =>
  value.kind === Kind.VARIABLE && variables === null ? untold : valueFromASTUntyped(value, variables);

/** Stands for whatever may be sent: counts as the most, as all does whose size cannot be told. */
const untold = Symbol('untold');

/** The arguments that say how many: those of a page, and the ids of `nodes`. */
const sizing = new Map<string, (given: unknown) => number | null>([
  ['first', lengthOf],
  ['last', lengthOf],
  ['ids', countOf],
]);

/** The length of a page; null where none is asked for. */
function lengthOf(given: unknown): number | null {
  if (given === null || given === undefined) return null;
  return typeof given === 'number' ? within(given) : limits.page;
}

/** One that is given without brackets is a list of it. */
function countOf(given: unknown): number {
  if (Array.isArray(given)) return given.length;
  return typeof given === 'string' || typeof given === 'number' ? 1 : limits.page;
}

/** What lies outside is refused by a rule of its own, and must not lower what the rest costs. */
const within = (size: number): number => Math.min(Math.max(size, 0), limits.page);
