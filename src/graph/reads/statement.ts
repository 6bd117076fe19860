import type { Level } from './levels.ts';
import type { Column } from './tables.ts';

/**
 * One flat statement for all levels: each row of each level is one line of text columns, and each list is joined to the
 * lines of the level above, which are worked out once. Half the work for the server of answers in JSON, and less for
 * the process than reading those.
 */
export function statementOf(root: Level): string {
  const levels = levelsOf(root);
  const width = Math.max(...levels.map(({ slots }) => slots.length));
  const kept = levels.filter(({ below }) => below.length > 0);
  const named = kept.map((level) => `l${level.number} as materialized (${keptRows(level)})`);
  const lines = levels.map((level) => (level.below.length > 0 ? keptLines(level, width) : freshLines(level, width)));
  return `${named.length > 0 ? `with ${named.join(', ')} ` : ''}${lines.join(' union all ')}`;
}

/** All levels, each behind the one it hangs on. */
export const levelsOf = (level: Level): Level[] => [level, ...level.below.flatMap(levelsOf)];

/**
 * The rows of a level with their place in their list as "#", where it must be told: those asked for, and what rows are
 * joined to, because a join may bring them into another order. All other lists come in theirs, as each is read by itself
 * for its line above. Telling it takes a tenth of the server's time for a page.
 */
function rowsOf(level: Level): string {
  const { above, joins, page } = level;
  const { wheres, as } = level.rows;
  const numbers = isNumbered(level) ? `row_number() over (${page.order})` : null;
  const rows =
    wheres.length > 1
      ? wheres.map((where, at) => `(${selectionOf(level, where, `${at + 1}`)})`).join(' union all ')
      : selectionOf(level, wheres[0] ?? '', numbers);
  const source = above ? `l${above.number} p cross join lateral (${rows}) ${as}` : `(${rows}) ${as}`;
  return ['from', source, ...joins].join(' ');
}

function selectionOf({ rows: { from }, page }: Level, where: string, number: string | null): string {
  const selected = `select *${number === null ? '' : `, ${number} as "#"`} from ${from}`;
  return [selected, where && `where ${where}`, page.order, page.bounds].filter(Boolean).join(' ');
}

const isNumbered = ({ above, single, joins }: Level): boolean => (above ? joins.length > 0 : !single);

/** Which row of its list a line is, from 1; 0 where it comes in its place. */
function placeOf(level: Level): string {
  if (isNumbered(level)) return `${level.rows.as}."#"`;
  return level.single ? '1' : '0';
}

/** The number of a row of a level that others hang on. There is one list of those that hang on a single row. */
function ordinalOf(level: Level): string {
  const { above, single } = level;
  return single || (isNumbered(level) && (!above || above.single)) ? placeOf(level) : 'row_number() over ()';
}

/** The number of the line above, 0 for rows asked for. */
const ordinalAbove = ({ above }: Level): string => (above ? 'p.o' : '0');

/** Rows that lists hang on: numbered, with what they are joined by. */
function keptRows(level: Level): string {
  const columns = level.slots.map(({ sql }, at) => `${sql} as c${at}`);
  const place = [`${ordinalOf(level)} as o`, `${ordinalAbove(level)} as p`, `${placeOf(level)} as n`];
  return `select ${[...place, ...columns].join(', ')} ${rowsOf(level)}`;
}

function keptLines({ number, slots }: Level, width: number): string {
  const columns = slots.map(({ column }, at) => textOf(`c${at}`, column));
  return `select ${[number, 'p', 'o', 'n', ...padded(columns, width)].join(', ')} from l${number}`;
}

function freshLines(level: Level, width: number): string {
  const columns = level.slots.map(({ sql, column }) => textOf(sql, column));
  return `select ${[level.number, ordinalAbove(level), 0, placeOf(level), ...padded(columns, width)].join(', ')} ${rowsOf(level)}`;
}

const padded = (columns: readonly string[], width: number): string[] => [
  ...columns,
  ...Array.from({ length: width - columns.length }, () => 'null::text'),
];

/** Everything as text, which is what goes over the wire anyway: lines of all levels have the same columns. */
function textOf(sql: string, { kind, list }: Pick<Column, 'kind' | 'list'>): string {
  if (list) return `to_json(${sql})::text`;
  return kind === 'DateTime' ? `(date_part('epoch', ${sql}) * 1000)::bigint::text` : `${sql}::text`;
}
