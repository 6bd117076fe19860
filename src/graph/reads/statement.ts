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

const rowsOf = ({ source, joins }: Level): string => ['from', source, ...joins].join(' ');

/** The number of the line above, 0 for rows asked for. */
const ordinalAbove = ({ above }: Level): string => (above === null ? '0' : 'p.o');

/** Rows that lists hang on: numbered, with what they are joined by. */
function keptRows(level: Level): string {
  const columns = level.slots.map(({ sql }, at) => `${sql} as c${at}`);
  const place = ['row_number() over () as o', `${ordinalAbove(level)} as p`, `${level.ordinal} as n`];
  return `select ${[...place, ...columns].join(', ')} ${rowsOf(level)}`;
}

function keptLines({ number, slots }: Level, width: number): string {
  const columns = slots.map(({ column }, at) => textOf(`c${at}`, column));
  return `select ${[number, 'p', 'o', 'n', ...padded(columns, width)].join(', ')} from l${number}`;
}

function freshLines(level: Level, width: number): string {
  const columns = level.slots.map(({ sql, column }) => textOf(sql, column));
  return `select ${[level.number, ordinalAbove(level), 0, level.ordinal, ...padded(columns, width)].join(', ')} ${rowsOf(level)}`;
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
