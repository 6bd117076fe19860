import type { Database } from '#base/database.ts';
import type { Draft } from './condition.ts';
import { type Level, levelOf } from './levels.ts';
import { queryOf, Unknown } from './query.ts';
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
    const name = `${model.charAt(0).toLowerCase()}${model.slice(1)}`;
    const typed: Record<Finding, Find> = Reflect.get(database.prisma, name);
    const methods = findings.map((method): [string, Find] => [method, read(model, method, typed[method])]);
    return [name, over(typed, Object.fromEntries(methods))];
  });
  return over(database.prisma, Object.fromEntries(delegates));
}

/** An object that answers by its own methods, and has the rest of another one. */
function over<Whole extends object>(whole: Whole, own: object): Whole {
  // By its prototype it is a whole one.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Object.assign(Object.create(whole) as Whole, own);
}

/** Makes finding methods of a model out of the typed client's own. */
function openReader({ pool }: Database, tables: Tables) {
  const nameOf = openStatementNames();
  return (model: string, method: Finding, typed: Find): Find =>
    async (given) => {
      const planned = plannedFrom(tables, { model, given, one: method !== 'findMany' });
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

/** The flat statement of a query; null for one that is not known here. */
function plannedFrom(
  tables: Tables,
  { model, given, one }: { model: string; given: unknown; one: boolean },
): Planned | null {
  const draft: Draft = { tables, values: [], names: 0, levels: 0 };
  try {
    const query = queryOf(given);
    const root = levelOf(draft, { model, query: one ? { ...query, take: query.take ?? 1 } : query });
    return { text: statementOf(root), values: draft.values, root };
  } catch (thrown) {
    if (thrown instanceof Unknown) return null;
    throw thrown;
  }
}
