import { objectOf, unknown } from './query.ts';
import type { Column, Table, Tables } from './tables.ts';

/** A statement being written: its values, and names that are used once. */
export interface Draft {
  readonly tables: Tables;
  readonly values: unknown[];
  names: number;
  levels: number;
}

/** A place in the statement for a value. */
const placeOf = (draft: Draft, value: unknown): string => `$${draft.values.push(value)}`;

/** A name that nothing else in the statement has. */
export const freshName = (draft: Draft, initial: string): string => `${initial}${draft.names++}`;

/** A table of the data model. */
export const tableOf = ({ tables }: Draft, model: string): Table => tables.get(model) ?? unknown(model);

export const columnOf = ({ columns }: Table, field: string): Column => columns.get(field) ?? unknown(field);

/** A row that conditions speak of: its table, and what the statement calls it. */
export interface Subject {
  readonly table: Table;
  readonly as: string;
}

/** The conditions of a where-fragment, to be joined by `and`. */
export function conditions(draft: Draft, subject: Subject, where: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(where).flatMap(([word, wanted]) => {
    if (wanted === undefined) return [];
    if (word === 'AND') return listOf(wanted).flatMap((part) => conditions(draft, subject, objectOf(part)));
    if (word === 'OR') return [anyOf(draft, subject, listOf(wanted))];
    const column = subject.table.columns.get(word);
    if (column) return compared(draft, { column, sql: `${subject.as}.${column.sql}` }, wanted);
    const key = subject.table.keys.get(word);
    return key ? conditions(draft, subject, objectOf(wanted)) : [related(draft, subject, { field: word, wanted })];
  });
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

function anyOf(draft: Draft, subject: Subject, parts: readonly unknown[]): string {
  const sides = parts.map((part) => conditions(draft, subject, objectOf(part)));
  return sides.length === 0 ? 'false' : `(${sides.map((side) => side.join(' and ') || 'true').join(' or ')})`;
}

function compared(draft: Draft, of: { column: Column; sql: string }, wanted: unknown): string[] {
  if (of.column.list || of.column.kind === 'Json') unknown('a list or a document in a condition');
  if (wanted === null) return [`${of.sql} is null`];
  if (isValue(wanted)) return [`${of.sql} = ${placeOf(draft, wanted)}`];
  const { mode, ...operators } = objectOf(wanted);
  return Object.entries(operators).flatMap(([operator, value]) =>
    value === undefined ? [] : [operation(draft, of.sql, { operator, value, mode })],
  );
}

const isValue = (value: unknown): boolean => typeof value !== 'object' || value instanceof Date;

const signs: Readonly<Record<string, string>> = { lt: '<', lte: '<=', gt: '>', gte: '>=', equals: '=' };

function operation(
  draft: Draft,
  sql: string,
  { operator, value, mode }: { operator: string; value: unknown; mode: unknown },
): string {
  if (operator === 'in' && Array.isArray(value)) return `${sql} = any(${placeOf(draft, value)})`;
  if (operator === 'contains' && typeof value === 'string') {
    return `${sql}::text ${mode === 'insensitive' ? 'ilike' : 'like'} ${placeOf(draft, `%${value}%`)}`;
  }
  if (mode !== undefined) unknown('mode');
  if (operator === 'not' && value === null) return `${sql} is not null`;
  const sign = signs[operator];
  return sign && value !== null && isValue(value) ? `${sql} ${sign} ${placeOf(draft, value)}` : unknown(operator);
}

/** Rows of which some related one fulfils something. */
function related(draft: Draft, { table, as }: Subject, { field, wanted }: { field: string; wanted: unknown }): string {
  const relation = table.relations.get(field) ?? unknown(field);
  const given = objectOf(wanted);
  const words = Object.keys(given);
  if (
    relation.list ? words.length !== 1 || !('some' in given) : words.some((word) => word === 'is' || word === 'isNot')
  )
    unknown(field);
  const other = { table: tableOf(draft, relation.model), as: freshName(draft, 'x') };
  const parts = [
    ...linked(relation.link, { own: { table, as }, other }),
    ...conditions(draft, other, objectOf(relation.list ? given.some : given)),
  ];
  return `exists (select 1 from ${other.table.sql} ${other.as} where ${parts.join(' and ')})`;
}

/** What makes two rows belong together. */
export const linked = (
  link: readonly { own: string; other: string }[],
  { own, other }: { own: Subject; other: Subject },
): string[] =>
  link.map(
    (pair) => `${other.as}.${columnOf(other.table, pair.other).sql} = ${own.as}.${columnOf(own.table, pair.own).sql}`,
  );
