import type { Tx } from '#base/database.ts';
import { recordOf } from '#base/record.ts';
import type { UsageKind } from '#generated/prisma/enums.ts';
import { uncharged } from './ledger.ts';
import { measured, type Period, periodOf } from './meters.ts';
import { usageKinds } from './plans.ts';

/** What was used of one kind, and what work in flight may still use, in the meter's wholes. */
export interface Use {
  readonly used: number;
  readonly reserved: number;
}

interface Sum {
  readonly part: 'used' | 'reserved';
  readonly name: string;
  readonly quantity: bigint;
}

/**
 * What a workspace used in a month, and what is reserved now. One statement, so that work that is charged and no longer
 * reserved counts once, whenever its commit falls. Answers of models also count where their run ended without work that
 * was charged for them, or starting and canceling would have no limit; until that end the reservation stands for them.
 * An upload whose bytes are not verified yet is its own reservation; the bytes of a rejected one count for the day that
 * they lie in storage, or garbage would have no limit.
 */
export async function useOf(tx: Tx, workspaceId: string, { start, end }: Period): Promise<Record<UsageKind, Use>> {
  const sums = await tx.$queryRaw<Sum[]>`
    select 'used' as part, unit::text as name, sum(quantity)::bigint as quantity from usage_entries
    where workspace_id = ${workspaceId}::uuid and created_at < ${end} and (created_at >= ${start} or unit = 'STORED_BYTES')
    group by unit
    union all
    select 'used', unit, sum(quantity::bigint)::bigint from model_calls c,
      lateral jsonb_each_text(consumed) as spent (unit, quantity)
    where workspace_id = ${workspaceId}::uuid and created_at >= ${start} and created_at < ${end} and ${uncharged}
      and not exists (
        select 1 from stage_runs s join runs r on r.id = s.run_id where s.id = c.stage_run_id and r.finished_at is null)
    group by unit
    union all
    select 'reserved', kind::text, sum(quantity)::bigint from usage_reservations
    where workspace_id = ${workspaceId}::uuid group by kind
    union all
    select 'reserved', kind, sum(quantity)::bigint from uploads,
      lateral (values ('UPLOADS', 1::bigint), ('STORED_BYTES', announced_bytes)) as held (kind, quantity)
    where workspace_id = ${workspaceId}::uuid and (status in ('AWAITING_BYTES', 'VERIFYING')
      or (status = 'REJECTED' and kind = 'STORED_BYTES' and updated_at > now() - interval '24 hours'))
    group by kind`;
  const used = sumsBy('used', sums);
  const reserved = periodOf(new Date()).start.getTime() === start.getTime() ? sumsBy('reserved', sums) : new Map();
  return recordOf(usageKinds, (kind) => ({ used: measured(kind, used), reserved: reserved.get(kind) ?? 0 }));
}

function sumsBy(part: Sum['part'], sums: readonly Sum[]): Map<string, number> {
  const byName = new Map<string, number>();
  for (const { part: of, name, quantity } of sums) {
    if (of === part) byName.set(name, (byName.get(name) ?? 0) + Number(quantity));
  }
  return byName;
}
