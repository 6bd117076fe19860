import { z } from 'zod';
import type { Check } from './check.ts';

const rows = z.array(z.object({ detail: z.string() }));

/** Nothing is charged twice, nothing that was stored is left out, and nothing stays reserved. */
export const checkLedger: Check = async ({ database: { pool } }) => {
  const ask = async (sql: string): Promise<string[]> =>
    rows.parse((await pool.query(sql)).rows).map(({ detail }) => detail);
  return [
    ...(await ask(chargedTwice)).map((detail) => ({ kind: 'duplicated' as const, detail })),
    ...(await ask(wronglyCharged)).map((detail) => ({ kind: 'lost' as const, detail })),
    ...(await ask(stillReserved)).map((detail) => ({ kind: 'broken' as const, detail })),
  ];
};

const chargedTwice = `
  select format('%s %s was charged %s times', unit, coalesce(artifact_id, model_call_id), count(*)) as detail
  from usage_entries
  where artifact_id is not null or model_call_id is not null
  group by unit, artifact_id, model_call_id having count(*) > 1
  union all
  select format('upload %s was counted %s times', upload_id, count(*))
  from usage_entries where unit = 'UPLOADS' and upload_id is not null
  group by upload_id having count(*) > 1`;

const wronglyCharged = `
  select format('artifact %s of %s bytes was charged with %s', id, size_bytes, charged) as detail
  from artifacts
  left join lateral (
    select sum(quantity) as charged from usage_entries where artifact_id = artifacts.id and unit = 'STORED_BYTES'
  ) entries on true
  where removed_at is null and charged is distinct from size_bytes
  union all
  select format('call %s of work that succeeded was never charged', model_calls.id)
  from model_calls join stage_runs on stage_runs.id = stage_run_id
  where stage_runs.status = 'SUCCEEDED' and not exists (select 1 from usage_entries where model_call_id = model_calls.id)`;

const stillReserved = `
  select format('%s %s of run %s are still reserved', quantity, kind, run_id) as detail
  from usage_reservations join runs on runs.id = run_id where finished_at is not null`;
