import { columnOf, conditions, type Draft, freshName, linked, type Subject, tableOf } from './condition.ts';
import { type Page, pageOf } from './order.ts';
import { type Condition, objectOf, type Query, queryOf, unknown } from './query.ts';
import type { Column, Relation } from './tables.ts';

/** What a place in a row's line holds: how the statement makes it, and which kind of value it is. */
interface Slot {
  readonly sql: string;
  readonly column: Pick<Column, 'kind' | 'list'>;
}

/** How an object is made of a line: its own columns, objects that are at most one, lists below it, counts. */
export interface Shape {
  readonly columns: { readonly field: string; readonly slot: number }[];
  readonly ones: { readonly field: string; readonly key: number; readonly shape: Shape }[];
  readonly lists: string[];
  readonly counts: { readonly field: string; readonly slot: number }[];
}

/** Rows that come as lines of one kind: those asked for, or a list below each row of another level. */
export interface Level {
  readonly number: number;
  /** The level that it hangs on; null for rows asked for. */
  readonly above: Level | null;
  /** Whether one row is asked for, and neither a list nor several rows, each by a condition of its own. */
  readonly single: boolean;
  readonly slots: Slot[];
  readonly shape: Shape;
  readonly below: Level[];
  /** Where in the object above the list hangs: relations that are at most one, and at last the list. */
  readonly path: readonly string[];
  readonly page: Page;
  readonly rows: Rows;
  readonly joins: string[];
}

/** Where the rows of a level come from, before anything is joined to them. */
interface Rows {
  /** The table, and what it is called where conditions and order speak of it. */
  readonly from: string;
  /** Of each that is asked for by itself, the first row that fulfils this. */
  readonly wheres: readonly string[];
  /** What the rows are called where their columns are taken. */
  readonly as: string;
}

/** What a level hangs on. */
interface Above {
  readonly level: Level;
  readonly path: readonly string[];
  readonly subject: Subject;
  readonly relation: Relation;
}

/** What rows are asked for, and what they hang on. */
interface Wanted {
  readonly model: string;
  readonly query: Query;
  /** Conditions of single rows that are asked for together, each of which takes the place of the query's. */
  readonly singles?: readonly Condition[];
  readonly above?: Above;
}

/** Takes a query apart into levels: one for its rows, one for each list below. Throws `Unknown` for what it does not know. */
export function levelOf(draft: Draft, { model, query, singles, above }: Wanted): Level {
  const number = draft.levels++;
  const subject = { table: tableOf(draft, model), as: freshName(draft, 'r') };
  const inner = { table: subject.table, as: freshName(draft, 't') };
  const bounds = above ? linkedTo(above, inner) : [];
  const page = pageOf(draft, inner, { ...query, list: listOf(draft, query, above) });
  const wheres = (singles ?? [query.where ?? {}]).map((where) =>
    [...bounds, ...conditions(draft, inner, where), ...page.behind].join(' and '),
  );
  const shape = emptyShape();
  const level: Level = {
    number,
    above: above?.level ?? null,
    single: singles?.length === 1,
    slots: [],
    shape,
    below: [],
    path: above?.path ?? [],
    page,
    rows: { from: `${inner.table.sql} ${inner.as}`, wheres, as: subject.as },
    joins: [],
  };
  fill(draft, { level, shape, subject, path: [] }, query);
  return level;
}

const emptyShape = (): Shape => ({ columns: [], ones: [], lists: [], counts: [] });

/** The columns of the level above are slots of it: a list is joined to the lines of the rows that it belongs to. */
function linkedTo({ level, subject, relation }: Above, inner: Subject): string[] {
  return relation.link.map(({ own, other }) => {
    const slot = slotOf(level, subject, columnOf(subject.table, own));
    return `${inner.as}.${columnOf(inner.table, other).sql} = p.c${slot}`;
  });
}

/** A list below a row is fixed by its link; a list of roots by what it is narrowed to. */
function listOf(draft: Draft, { where = {} }: Query, above?: Above) {
  if (above) {
    const fixed = above.relation.link.map(({ other }) => other);
    return { fixed, within: (row: Subject) => linkedTo(above, row) };
  }
  const { id, workspaceId, userId } = where;
  return { fixed: [], within: (row: Subject) => conditions(draft, row, { id, workspaceId, userId }) };
}

/** An object being filled: where its columns come from, and where its lists hang. */
interface Place {
  readonly level: Level;
  readonly shape: Shape;
  readonly subject: Subject;
  readonly path: readonly string[];
}

function fill(draft: Draft, place: Place, { select }: Query): void {
  const { table } = place.subject;
  const wanted = select ?? Object.fromEntries([...table.columns.keys()].map((field) => [field, true]));
  for (const [field, given] of Object.entries(wanted)) {
    if (given === undefined || given === false) continue;
    const column = table.columns.get(field);
    const relation = table.relations.get(field);
    if (column) {
      if (given !== true) unknown('more of a column');
      place.shape.columns.push({ field, slot: slotOf(place.level, place.subject, column) });
    } else if (field === '_count') count(draft, place, objectOf(given));
    else if (relation?.list) list(draft, place, { relation, query: queryOf(given) });
    else if (relation) one(draft, place, { relation, query: queryOf(given) });
    else unknown(field);
  }
}

/** The slot of a column, made when it is first needed. */
function slotOf({ slots }: Level, { as }: Subject, column: Column): number {
  const sql = `${as}.${column.sql}`;
  const at = slots.findIndex((slot) => slot.sql === sql);
  return at < 0 ? slots.push({ sql, column }) - 1 : at;
}

function count(draft: Draft, { level, shape, subject }: Place, given: Readonly<Record<string, unknown>>): void {
  for (const [field, wanted] of Object.entries(objectOf(given.select))) {
    const relation = subject.table.relations.get(field) ?? unknown(field);
    const other = { table: tableOf(draft, relation.model), as: freshName(draft, 'n') };
    const where = wanted === true ? {} : objectOf(objectOf(wanted).where ?? {});
    const parts = [...linked(relation.link, { own: subject, other }), ...conditions(draft, other, where)];
    const sql = `(select count(*) from ${other.table.sql} ${other.as} where ${parts.join(' and ')})`;
    shape.counts.push({ field, slot: level.slots.push({ sql, column: { kind: 'Int', list: false } }) - 1 });
  }
}

function list(draft: Draft, place: Place, { relation, query }: { relation: Relation; query: Query }): void {
  const { level, shape, subject } = place;
  shape.lists.push(relation.field);
  const path = [...place.path, relation.field];
  const above = { level, path, subject, relation };
  level.below.push(levelOf(draft, { model: relation.model, query, above }));
}

/** What is there at most once is joined to the line of its row. */
function one(draft: Draft, place: Place, { relation, query }: { relation: Relation; query: Query }): void {
  if (query.where ?? query.orderBy ?? query.take ?? query.cursor) unknown('a condition on a single row');
  const { level, subject } = place;
  const other = { table: tableOf(draft, relation.model), as: freshName(draft, 'j') };
  level.joins.push(
    `left join ${other.table.sql} ${other.as} on ${linked(relation.link, { own: subject, other }).join(' and ')}`,
  );
  const lastLink = relation.link.at(-1) ?? unknown(relation.field);
  const key = slotOf(level, other, columnOf(other.table, lastLink.other));
  const shape = emptyShape();
  place.shape.ones.push({ field: relation.field, key, shape });
  fill(draft, { level, shape, subject: other, path: [...place.path, relation.field] }, query);
}
