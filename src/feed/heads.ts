import type { ClientBase } from 'pg';

interface Head {
  readonly id: string;
  readonly head: string;
}

/**
 * How far each of the given runs and workspaces has come, in one statement for all of them. Two heads of one id are
 * the same exactly when its readers have nothing new to read.
 */
export async function headsOf(client: ClientBase, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const { rows } = await client.query<Head>({ name: 'heads', text, values: [ids] });
  return new Map([...ids.map((id) => [id, 'gone'] as const), ...rows.map(({ id, head }) => [id, head] as const)]);
}

// An activity counts once no older transaction is open: only then may it be read.
const text = `
  select id::text, sequence::text as head from runs where id = any($1::uuid[])
  union all
  select workspaces.id::text, coalesce(newest.id::text, 'none') from workspaces
  left join lateral (
    select activity.id from workspace_activities activity
    where activity.workspace_id = workspaces.id
      and activity.transaction_id < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
    order by activity.transaction_id desc, activity.id desc limit 1
  ) newest on true
  where workspaces.id = any($1::uuid[])`;
