import type { Tx } from '#base/database.ts';
import type { Env } from '#base/env.ts';

/**
 * Forgets answers of models that are too old and, in workspaces that keep more than MODEL_CALL_MAX_BYTES, the oldest of
 * them. What a stage asked stays until that stage has ended: its next attempt needs it, and its commit charges it. At
 * most 500 a call, so that no lock is held for long: call again until it returns 0.
 */
export async function sweepModelCalls(tx: Tx, env: Pick<Env, 'MODEL_CALL_MAX_BYTES'>, now: Date): Promise<number> {
  return tx.$executeRaw`
    delete from model_calls where id in (
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
}
