import type { Database } from '#base/database.ts';
import { conditions, type Draft, tableOf } from './condition.ts';
import { type Level, levelOf } from './levels.ts';
import { type Query, queryOf, Unknown } from './query.ts';
import { rowsOf } from './rows.ts';
import { statementOf } from './statement.ts';
import { openStatementNames } from './statement-names.ts';
import { type Tables, tablesOf } from './tables.ts';

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
function openReader({ pool }: Database, tables: Tables) {
  const nameOf = openStatementNames();
  const statements: Statements = new WeakMap();
  return (model: string, method: Finding, typed: Find): Find =>
    async (given) => {
      const planned = plannedFrom(tables, statements, { model, given, one: method !== 'findMany' });
      if (!planned) return typed(given);
      const { text, values, root } = planned;
      const question = { name: nameOf(text), text, values, rowMode: 'array', types: asText } as const;
      const { rows } = await pool.query<string[]>(question);
      const found = rowsOf(root, rows);
      if (method === 'findMany') return found;
      // The client itself says what is missing, in its own words.
      return found[0] ?? (method === 'findUniqueOrThrow' ? typed(given) : null);
    };
}

/** Every value comes as text, and is read by what the data model says of its column. */
const asText = { getTypeParser: () => (text: string) => text };

/** A statement, its values, and how its lines are put together. */
interface Planned {
  readonly text: string;
  readonly values: unknown[];
  readonly root: Level;
}

/** A statement that was written for a selection: its values behind those of the condition. */
interface Written {
  readonly text: string;
  readonly root: Level;
  readonly condition: string;
  readonly below: readonly unknown[];
}

/** By the selection itself, which a kept plan asks with again and again. */
type Statements = WeakMap<object, Written>;

interface Asked {
  readonly model: string;
  readonly given: unknown;
  readonly one: boolean;
}

/** The flat statement of a query; null for one that is not known here. */
function plannedFrom(tables: Tables, statements: Statements, { model, given, one }: Asked): Planned | null {
  try {
    const query = queryOf(given);
    const { select, where, ...page } = query;
    const keepable = one && select && where && Object.keys(page).length === 0;
    return keepable ? keptOf(tables, statements, { model, select, where }) : freshOf(tables, { model, query, one });
  } catch (thrown) {
    if (thrown instanceof Unknown) return null;
    throw thrown;
  }
}

const draftFor = (tables: Tables): Draft => ({ tables, values: [], names: 0, levels: 0 });

function freshOf(tables: Tables, { model, query, one }: { model: string; query: Query; one: boolean }): Planned {
  const draft = draftFor(tables);
  const root = levelOf(draft, { model, query: one ? { ...query, take: query.take ?? 1 } : query });
  return { text: statementOf(root), values: draft.values, root };
}

/** One row by a condition: its values come first, and only they differ while the selection is the same. */
function keptOf(
  tables: Tables,
  statements: Statements,
  { model, select, where }: { model: string } & Required<Pick<Query, 'select' | 'where'>>,
): Planned {
  const { condition, values } = conditionOf(tables, model, where);
  const known = statements.get(select);
  if (known?.condition === condition) return { ...known, values: [...values, ...known.below] };
  const planned = freshOf(tables, { model, query: { select, where }, one: true });
  const { text, root } = planned;
  statements.set(select, { text, root, condition, below: planned.values.slice(values.length) });
  return planned;
}

function conditionOf(tables: Tables, model: string, where: Required<Query>['where']) {
  const draft = draftFor(tables);
  const table = tableOf(draft, model);
  const condition = `${model} ${conditions(draft, { table, as: 'row' }, where).join(' and ')}`;
  return { condition, values: draft.values };
}
