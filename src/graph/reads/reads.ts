import type { Pool, PoolClient } from 'pg';
import type { Database } from '#base/database.ts';
import { onBehalfOf } from '#base/fair-pool.ts';
import { makeRoom } from '#base/make-room.ts';
import { conditions, type Draft, tableOf } from './condition.ts';
import { type Level, levelOf } from './levels.ts';
import { type Condition, type Query, queryOf, Unknown } from './query.ts';
import { type Line, type Row, rowsOf } from './rows.ts';
import { statementOf } from './statement.ts';
import { openStatementNames } from './statement-names.ts';
import { type Tables, tablesOf } from './tables.ts';
import { askedTogether } from './together.ts';

type Client = Database['prisma'];

const opened = new WeakMap<Database, Client>();

/**
 * The typed client, its finding methods answered by one flat prepared statement each, however much is selected below
 * the rows. What such a statement does not know is read by the typed client itself, so that no query can be wrong by
 * being left out here.
 */
export function readsOf(database: Database): Client {
  const known = opened.get(database) ?? openReads(database);
  opened.set(database, known);
  return known;
}

const findings = ['findMany', 'findFirst', 'findUnique', 'findUniqueOrThrow'] as const;

type Finding = (typeof findings)[number];
type Find = (given: unknown) => Promise<unknown>;

function openReads(database: Database): Client {
  const tables = tablesOf(database.prisma);
  const read = openReader(database, tables);
  const delegates = [...tables.keys()].map((model): [string, object] => {
    const name = delegateName(model);
    const typed: Record<Finding, Find> = Reflect.get(database.prisma, name);
    const methods = findings.map((method): [string, Find] => [method, read(model, method, typed[method])]);
    return [name, over(typed, Object.fromEntries(methods))];
  });
  return over(database.prisma, Object.fromEntries(delegates));
}

/** What the typed client calls the methods of a model. */
export const delegateName = (model: string): string => `${model.charAt(0).toLowerCase()}${model.slice(1)}`;

/** An object that answers by its own methods, and has the rest of another one. */
function over<Whole extends object>(whole: Whole, own: object): Whole {
  // By its prototype it is a whole one.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Object.assign(Object.create(whole) as Whole, own);
}

/** Makes finding methods of a model out of the typed client's own. */
function openReader({ pool, longestStatementMs }: Database, tables: Tables) {
  const nameOf = openStatementNames();
  const singles: Singles = new WeakMap();
  const linesOf = async ({ text, values }: Planned, by: Pick<Pool, 'query'> = pool): Promise<Line[]> => {
    const question = { name: nameOf(text), text, values, rowMode: 'array', types: asText } as const;
    return (await by.query<string[]>(question)).rows;
  };
  const readSingle = askedTogether<Single, Row | undefined, Way>({
    open: (key) => onBehalfOf(key === undefined ? allWhoAskTogether : { key }, async () => wayBy(await pool.connect())),
    async ask(way, single, values) {
      const planned = plannedFor(tables, single, values);
      const lines = await linesOf(planned, way.client);
      const found = rowsOf(planned.root, lines);
      learn(single, lines.length / Object.keys(found).length);
      return values.map((_, at) => found[at]);
    },
    mostOf: ({ linesEach }) => Math.floor(mostLines / linesEach),
    ...(longestStatementMs > 0 && { mostMs: longestStatementMs }),
  });
  return (model: string, method: Finding, typed: Find): Find =>
    async (given) => {
      const one = method !== 'findMany';
      const asked = askedFrom(tables, singles, { model, given, one });
      if (!asked) return typed(given);
      if ('single' in asked) return (await readSingle(asked.single, asked.values)) ?? nothing(method, typed, given);
      const found = rowsOf(asked.root, await linesOf(asked));
      return one ? (found[0] ?? nothing(method, typed, given)) : found;
    };
}

/** Whatever they ask: there are connections for others as well. */
const allWhoAskTogether = { key: 'together', most: 4 };

/** A connection, until it is disposed. */
interface Way extends Disposable {
  readonly client: PoolClient;
}

const wayBy = (client: PoolClient): Way => ({ client, [Symbol.dispose]: () => client.release() });

/** The client itself says what is missing, in its own words. */
const nothing = (method: Finding, typed: Find, given: unknown): Promise<unknown> | null =>
  method === 'findUniqueOrThrow' ? typed(given) : null;

/** Every value comes as text, and is read by what the data model says of its column. */
const asText = { getTypeParser: () => (text: string) => text };

/** A statement, its values, and how its lines are put together. */
interface Planned {
  readonly text: string;
  readonly values: unknown[];
  readonly root: Level;
}

/** A single row by a condition: only the values of that differ while the selection is the same. */
interface Single {
  readonly model: string;
  readonly select: Required<Query>['select'];
  readonly where: Condition;
  /** The statements that were written for it, by how many rows they ask for. */
  readonly written: Map<number, { readonly text: string; readonly root: Level; readonly below: readonly unknown[] }>;
  /** How many lines each is thought to get. */
  linesEach: number;
}

/** Putting so many lines together takes the process about 10 ms, in which nobody else is answered. */
const mostLines = 4_000;

/** Nothing is learned from those who got nothing. What was large is thought to be so for a while. */
function learn(single: Single, linesEach: number): void {
  if (Number.isFinite(linesEach)) single.linesEach = Math.max(linesEach, single.linesEach / 2);
}

/** By the selection itself, which a kept plan asks with again and again, and by the condition. */
type Singles = WeakMap<object, Map<string, Single>>;

/** Conditions of one selection that are known: callers with other rights are asked for by other ones. */
const mostConditions = 16;

interface Asked {
  readonly model: string;
  readonly given: unknown;
  readonly one: boolean;
}

/** What is asked of the database for a query; null for one that is not known here. */
function askedFrom(
  tables: Tables,
  singles: Singles,
  { model, given, one }: Asked,
): Planned | { single: Single; values: readonly unknown[] } | null {
  try {
    const query = queryOf(given);
    const { select, where, ...page } = query;
    if (one && select && where && Object.keys(page).length === 0)
      return singleOf(tables, singles, { model, select, where });
    return freshOf(tables, { model, query: one ? { ...query, take: query.take ?? 1 } : query });
  } catch (thrown) {
    if (thrown instanceof Unknown) return null;
    throw thrown;
  }
}

const draftFor = (tables: Tables): Draft => ({ tables, values: [], names: 0, levels: 0 });

function freshOf(tables: Tables, wanted: Parameters<typeof levelOf>[1]): Planned {
  const draft = draftFor(tables);
  const root = levelOf(draft, wanted);
  return { text: statementOf(root), values: draft.values, root };
}

function singleOf(
  tables: Tables,
  singles: Singles,
  { model, select, where }: Pick<Single, 'model' | 'select' | 'where'>,
) {
  const { condition, values } = conditionOf(tables, model, where);
  const known = singles.get(select) ?? new Map<string, Single>();
  singles.set(select, known);
  const found = known.get(condition);
  if (found) return { single: found, values };
  const single: Single = { model, select, where, written: new Map(), linesEach: mostLines };
  // What it does not know it must say now.
  plannedFor(tables, single, [values]);
  makeRoom(known, mostConditions).set(condition, single);
  return { single, values };
}

function conditionOf(tables: Tables, model: string, where: Condition) {
  const draft = draftFor(tables);
  const table = tableOf(draft, model);
  const condition = `${model} ${conditions(draft, { table, as: 'row' }, where).join(' and ')}`;
  return { condition, values: draft.values };
}

/** The statement for several askers of a single row each: their values first, then what is the same for all. */
function plannedFor(tables: Tables, single: Single, values: readonly (readonly unknown[])[]): Planned {
  const given = values.flat();
  const { model, select, where, written } = single;
  const known = written.get(values.length);
  if (known) return { ...known, values: [...given, ...known.below] };
  const query = { select, take: 1 };
  const planned = freshOf(tables, { model, query, singles: values.map(() => where) });
  const { text, root } = planned;
  const below = planned.values.slice(given.length);
  written.set(values.length, { text, root, below });
  return { text, root, values: [...given, ...below] };
}
