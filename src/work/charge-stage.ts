import { z } from 'zod';
import type { Tx } from '#base/database.ts';
import { keysOf } from '#base/record.ts';
import { UsageUnit } from '#generated/prisma/enums.ts';
import { stages } from '#pipeline/stages.ts';
import { type Cause, charge } from '#usage/ledger.ts';
import { settle } from '#usage/reservations.ts';
import type { Lease } from './lease.ts';
import type { AttemptCalls } from './model-calls.ts';
import type { ReadyArtifact, StageCommit } from './stage.ts';

/** The `consumed` column of a model call. */
const consumed = z.partialRecord(z.enum(UsageUnit), z.int().min(0));

/** The commit of an attempt, which also charges the calls it worked with and settles what its stage had reserved. */
export const charged =
  (commit: StageCommit, { lease, calls }: { lease: Lease; calls: AttemptCalls }): StageCommit =>
  async (tx) => {
    const ready = await commit(tx);
    await chargeCalls(tx, lease, { used: calls.used(), ready });
    const { id, stage, run } = lease;
    await settle(tx, { id, runId: run.id, stage, repeats: stages[stage].subject !== null });
    return ready;
  };

/** Whom a stage's consumption is put down to. */
export const causeOf = (stage: {
  readonly run: { readonly id: string; readonly workspaceId: string; readonly uploadId: string };
  readonly stageRunId: string;
}): Cause => ({
  workspaceId: stage.run.workspaceId,
  uploadId: stage.run.uploadId,
  runId: stage.run.id,
  stageRunId: stage.stageRunId,
});

/**
 * Calls that earlier work has paid for are in the ledger already, under the same keys. The rows stay locked: forgotten
 * between here and the ledger's entry, they would take the whole commit back.
 */
async function chargeCalls(
  tx: Tx,
  { id, run }: Lease,
  { used, ready }: { used: readonly { id: string }[]; ready: readonly ReadyArtifact[] },
): Promise<void> {
  if (used.length === 0) return;
  const rows = await tx.$queryRaw<{ id: string; model: string; consumed: unknown }[]>`
    select id::text, model, consumed from model_calls where id = any(${used.map(({ id }) => id)}::uuid[])
    order by id for key share`;
  const output = ready.find(({ type }) => type === 'Transcript' || type === 'Content');
  const entries = rows.flatMap((call) => {
    const quantities = consumed.parse(call.consumed);
    return keysOf(quantities).map((unit) => ({
      key: `call:${call.id}:${unit}`,
      unit,
      quantity: quantities[unit] ?? 0,
      model: call.model,
      modelCallId: call.id,
      ...(output && { outputId: output.id }),
    }));
  });
  await charge(tx, causeOf({ run, stageRunId: id }), entries);
}
