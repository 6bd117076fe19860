import { columnOf, conditions, type Draft, freshName, type Subject } from './condition.ts';
import { objectOf, type Query, unknown } from './query.ts';
import type { Column, Table } from './tables.ts';

/** One term of an order. */
interface Term {
  readonly column: Column;
  readonly descending: boolean;
}

/** Which rows of a list are read: their order, behind which one, how many. */
export interface Page {
  /** `order by …`, or nothing. */
  readonly order: string;
  /** `limit … offset …`, or nothing. */
  readonly bounds: string;
  /** Conditions that leave out what is ahead of the cursor. */
  readonly behind: readonly string[];
  /** Whether the rows come from the end of the list, last one first. */
  readonly reversed: boolean;
}

/** What else decides a page: by which fields the list is fixed, and which conditions the row of a cursor must fulfil. */
interface List {
  readonly fixed: readonly string[];
  readonly within: (row: Subject) => readonly string[];
}

/**
 * The page that a query asks for. Pages are found by comparing with the row of the cursor, so that page 1,000 costs what
 * page 1 costs. The row of the cursor must be in the same list: another workspace's shows nothing of its place.
 */
export function pageOf(draft: Draft, subject: Subject, query: Query & { list: List }): Page {
  const { take, skip = 0, cursor, list } = query;
  const reversed = take !== undefined && take < 0;
  const terms = termsOf(subject.table, { ...query, fixed: list.fixed }).map((term) => ({
    ...term,
    descending: term.descending !== reversed,
  }));
  const order = terms.map((term) => `${sortable(subject.as, term)} ${term.descending ? 'desc' : 'asc'}`);
  if (cursor && skip > 1) unknown('a cursor and an offset');
  return {
    order: order.length > 0 ? `order by ${order.join(', ')}` : '',
    bounds: [
      take === undefined ? '' : `limit ${whole(Math.abs(take))}`,
      cursor || skip === 0 ? '' : `offset ${whole(skip)}`,
    ]
      .filter(Boolean)
      .join(' '),
    behind: cursor ? [behind(draft, subject, { cursor, terms, inclusive: skip === 0, within: list.within })] : [],
    reversed,
  };
}

const whole = (count: number): number => (Number.isSafeInteger(count) ? count : unknown('not a whole number'));

/** The terms asked for, and where they leave rows equal, the id. */
function termsOf(table: Table, { orderBy, take, fixed }: Query & { fixed: readonly string[] }): Term[] {
  const given = Array.isArray(orderBy) ? orderBy : orderBy === undefined ? [] : [orderBy];
  const terms = given.flatMap((part) => Object.entries(objectOf(part)).map((entry) => termOf(table, entry)));
  const fields = new Set([...fixed, ...terms.map(({ column }) => column.field)]);
  const decided = [...table.keys.values()].some((key) => key.every((field) => fields.has(field)));
  const id = table.columns.get('id');
  if (decided || !id || (terms.length === 0 && take === undefined)) return terms;
  return [...terms, { column: id, descending: terms.at(-1)?.descending ?? false }];
}

function termOf(table: Table, [field, direction]: [string, unknown]): Term {
  if (direction !== 'asc' && direction !== 'desc') unknown('an order that is neither asc nor desc');
  return { column: columnOf(table, field), descending: direction === 'desc' };
}

/** PostgreSQL takes null for larger than everything, but compares nothing with it. */
const largest: Partial<Record<Column['kind'], string>> = { Int: '2147483647', DateTime: "'infinity'" };

/** A term that can be compared, whether or not it is null. An index that serves it is on the same expression. */
function sortable(as: string, { column }: Term): string {
  const sql = `${as}.${column.sql}`;
  if (!column.nullable) return sql;
  return `coalesce(${sql}, ${largest[column.kind] ?? unknown('an order by something that may be null')})`;
}

interface Cursor {
  readonly cursor: Readonly<Record<string, unknown>>;
  readonly terms: readonly Term[];
  readonly inclusive: boolean;
  readonly within: List['within'];
}

function behind(draft: Draft, subject: Subject, { cursor, terms, inclusive, within }: Cursor): string {
  if (terms.length === 0) unknown('a cursor without an order');
  const row = { table: subject.table, as: freshName(draft, 's') };
  const own = terms.map((term) => sortable(subject.as, term));
  const its = terms.map((term) => sortable(row.as, term));
  const where = [...conditions(draft, row, cursor), ...within(row)].join(' and ');
  const from = `from ${row.table.sql} ${row.as} where ${where}`;
  const sign = (at: number): string => (terms[at]?.descending ? '<' : '>');
  if (terms.every(({ descending }) => descending === terms[0]?.descending)) {
    return `(${own.join(', ')}) ${sign(0)}${inclusive ? '=' : ''} (select ${its.join(', ')} ${from})`;
  }
  // The first comparison is what an index serves; rows that are equal in it are told apart by the second.
  const equalUpTo = (at: number): string[] => own.slice(0, at).map((sql, index) => `${sql} = ${its[index]}`);
  const sides = own.map((sql, at) => `(${[...equalUpTo(at), `${sql} ${sign(at)} ${its[at]}`].join(' and ')})`);
  if (inclusive) sides.push(`(${equalUpTo(own.length).join(' and ')})`);
  return `${own[0]} ${sign(0)}= (select ${its[0]} ${from}) and exists (select 1 ${from} and (${sides.join(' or ')}))`;
}
