import type { Level, Shape } from './levels.ts';
import { levelsOf } from './statement.ts';
import type { Column } from './tables.ts';

/** A line of the statement's answer: its level, the line above, its own number, its place in its list or 0, its columns. */
export type Line = readonly (string | null)[];

/** A row as the typed client gives it. */
export type Row = Record<string, unknown>;

type Read = (text: string) => unknown;

const columnsFrom = 4;

/** Puts the lines of a flat statement together to rows, each with what was selected below it. */
export function rowsOf(root: Level, lines: readonly Line[]): Row[] {
  const levels = readable.get(root) ?? readableOf(root);
  const kept = new Map<number, Row[]>();
  const found: Row[] = [];
  const backwards = new Set<unknown[]>();
  for (const line of lines) {
    const at = levels.get(Number(line[0]));
    if (!at) throw new TypeError('a line of no level');
    const { level, reads } = at;
    const row = objectFrom(line, level.shape, reads);
    if (level.below.length > 0) rowsFor(kept, level.number)[Number(line[2])] = row;
    const list = level.above ? listIn(kept.get(level.above.number)?.[Number(line[1])], level.path) : found;
    const place = Number(line[3]);
    if (place > 0) list[place - 1] = row;
    else list.push(row);
    if (level.page.reversed) backwards.add(list);
  }
  for (const list of backwards) list.reverse();
  return found;
}

/** A level, and how the columns of its lines are read. */
interface Readable {
  readonly level: Level;
  readonly reads: readonly Read[];
}

/** All levels by their numbers; a statement that is kept has its own. */
const readable = new WeakMap<Level, ReadonlyMap<number, Readable>>();

function readableOf(root: Level): ReadonlyMap<number, Readable> {
  const levels = new Map(levelsOf(root).map((level) => [level.number, { level, reads: readsOf(level) }]));
  readable.set(root, levels);
  return levels;
}

const readsOf = ({ slots }: Level): Read[] =>
  slots.map(({ column: { kind, list } }) => (list ? JSON.parse : reads[kind]));

const reads: Readonly<Record<Column['kind'], Read>> = {
  String: (text) => text,
  Int: Number,
  Float: Number,
  BigInt,
  Boolean: (text) => text === 'true',
  DateTime: (text) => new Date(Number(text)),
  Json: JSON.parse,
};

function rowsFor(kept: Map<number, Row[]>, number: number): Row[] {
  const rows = kept.get(number) ?? [];
  kept.set(number, rows);
  return rows;
}

/** An object of a line: its columns, objects that are joined to it, empty lists for what comes in lines of its own. */
function objectFrom(line: Line, shape: Shape, reads: readonly Read[]): Row {
  const row: Row = {};
  for (const { field, slot } of shape.columns) row[field] = valueIn(line, slot, reads);
  for (const { field, key, shape: its } of shape.ones) {
    row[field] = line[columnsFrom + key] === null ? null : objectFrom(line, its, reads);
  }
  for (const field of shape.lists) row[field] = [];
  if (shape.counts.length > 0) {
    row._count = Object.fromEntries(shape.counts.map(({ field, slot }) => [field, valueIn(line, slot, reads)]));
  }
  return row;
}

function valueIn(line: Line, slot: number, reads: readonly Read[]): unknown {
  const text = line[columnsFrom + slot] ?? null;
  return text === null ? null : reads[slot]?.(text);
}

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null;

/** The list at a path below a row. A row that has lines below it is there, and all on the way is. */
function listIn(row: unknown, path: readonly string[]): unknown[] {
  let list = row;
  for (const field of path) list = isRow(list) ? list[field] : undefined;
  if (!Array.isArray(list)) throw new TypeError('a line below no row');
  return list;
}
