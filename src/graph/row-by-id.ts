import DataLoader from 'dataloader';
import { Problem } from '#base/problem.ts';
import type { Context } from './context.ts';

/** Which row is wanted, and what of it. */
interface Wanted {
  readonly type: string;
  readonly id: string;
  /** What Pothos selects of it. */
  readonly query: object;
}

const loadersOf = new WeakMap<Context, Map<string, unknown>>();

/**
 * A row by its id. Rows of a type of which the same is wanted at once, by the items of a list, are read in one statement:
 * Prisma sends one for each where the values of a list are no relation of their rows. NOT_FOUND where it is gone.
 */
export async function rowById<Row extends { id: string }>(
  context: Context,
  { type, id, query }: Wanted,
  read: (ids: string[]) => Promise<Row[]>,
): Promise<Row> {
  const row = await loaderOf<Row>(context, `${type} ${JSON.stringify(query)}`, read).load(id);
  if (!row) throw new Problem('NOT_FOUND', { what: `The ${type}` });
  return row;
}

function loaderOf<Row extends { id: string }>(
  context: Context,
  key: string,
  read: (ids: string[]) => Promise<Row[]>,
): DataLoader<string, Row | undefined> {
  const loaders = loadersOf.get(context) ?? new Map<string, unknown>();
  loadersOf.set(context, loaders);
  const known = loaders.get(key);
  // The key names the type and its selection, so that what it holds is of this row's type.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  if (known) return known as DataLoader<string, Row | undefined>;
  const loader = new DataLoader<string, Row | undefined>(async (ids) => {
    const rows = new Map((await read([...ids])).map((row) => [row.id, row]));
    return ids.map((id) => rows.get(id));
  });
  loaders.set(key, loader);
  return loader;
}
