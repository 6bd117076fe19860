import type { Database } from '#base/database.ts';

/** What of a workspace can be recognised: the word that stands in its texts, and every id that only its rows have. */
export interface Marks {
  readonly word: string;
  readonly ids: ReadonlySet<string>;
}

/** The marks of a workspace. */
export async function marksOf({ pool }: Database, workspaceId: string, word: string): Promise<Marks> {
  const columns = await pool.query<{ table: string; column: string }>(`
    select c.table_name as table, c.column_name as column from information_schema.columns c
    where c.table_schema = 'public' and c.udt_name = 'uuid' and exists (
      select from information_schema.columns w
      where w.table_name = c.table_name and w.table_schema = 'public' and w.column_name = 'workspace_id')`);
  const ids = new Set([workspaceId]);
  for (const { table, column } of columns.rows) {
    const found = await pool.query<{ id: string }>(
      `select distinct "${column}"::text as id from "${table}" where workspace_id = $1 and "${column}" is not null`,
      [workspaceId],
    );
    for (const { id } of found.rows) ids.add(id);
  }
  return { word, ids };
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const encoded = /[\w+/-]{20,}={0,2}/g;

/** The marks that stand in a text, also inside what is encoded in it, such as global ids and cursors. */
export function tracesIn(text: string, { word, ids }: Marks): string[] {
  const decoded = [...text.matchAll(encoded)].map(([part]) => Buffer.from(part, 'base64url').toString('utf8'));
  return [text, ...decoded].flatMap((told) => [
    ...(told.includes(word) ? [told.slice(0, 200)] : []),
    ...[...told.matchAll(uuid)].map(([id]) => id).filter((id) => ids.has(id)),
  ]);
}
