import type { Tx } from '#base/database.ts';
import type { Env } from '#base/env.ts';
import { Prisma } from '#generated/prisma/client.ts';
import { uncharged } from '#usage/ledger.ts';

/**
 * Forgets answers of models that are too old and, in workspaces that keep more than MODEL_CALL_MAX_BYTES, the oldest of
 * them. What a stage asked stays until that stage has ended: its next attempt needs it, and its commit charges it. At
 * most 500 a call, so that no lock is held for long: call again until it returns 0.
 */
export async function sweepModelCalls(tx: Tx, env: Pick<Env, 'MODEL_CALL_MAX_BYTES'>, now: Date): Promise<number> {
  const due = Prisma.sql`c.id in (
    select id from (
      select id, stage_run_id, expires_at < ${now} as old,
        sum(answer_bytes) filter (where expires_at >= ${now})
          over (partition by workspace_id order by created_at desc, id desc) as reached
      from model_calls
    ) call
    where (old or reached > ${env.MODEL_CALL_MAX_BYTES})
      and not exists (
        select 1 from stage_runs s where s.id = call.stage_run_id and s.status in ('QUEUED', 'RUNNING', 'WAITING'))
    limit 500)`;
  return forgetCalls(tx, due);
}

/**
 * The only way model calls go, but with their workspace: what no finished work was charged for stays in the ledger, at
 * no cost and in the month of the call, or forgetting would give back what the deployment paid for. `which` is a condition
 * on calls `c`. Gives their number.
 *
 * A commit that charges one of them meanwhile writes the same key, and its entry stands. Each one's workspace is locked
 * before it, in the order of who erases that.
 */
export async function forgetCalls(tx: Tx, which: Prisma.Sql): Promise<number> {
  return tx.$executeRaw`
    with going as (
      select c.id, c.workspace_id, c.consumed, c.created_at
      from model_calls c join workspaces w on w.id = c.workspace_id
      where ${which} order by c.id for key share of w for update of c
    ), kept as (
      insert into usage_entries (workspace_id, dedupe_key, unit, quantity, price_micros_per_million, priced_on,
        cost_micros, created_at)
      select workspace_id, format('call:%s:%s', c.id, unit), unit::"UsageUnit", quantity::bigint, 0,
        (created_at at time zone 'utc')::date, 0, created_at
      from going c, lateral jsonb_each_text(consumed) as spent (unit, quantity)
      where quantity::bigint > 0 and ${uncharged}
      on conflict (workspace_id, dedupe_key) do nothing
    )
    delete from model_calls where id in (select id from going)`;
}
