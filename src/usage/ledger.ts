import type { Tx } from '#base/database.ts';
import { Prisma } from '#generated/prisma/client.ts';
import type { UsageUnit } from '#generated/prisma/enums.ts';
import { costOf, priceOf } from './prices.ts';

/** Whose consumption it is, and what caused it. */
export interface Cause {
  readonly workspaceId: string;
  readonly uploadId: string;
  readonly runId?: string | null;
  readonly stageRunId?: string | null;
}

/** Something that was consumed. */
export interface Consumption {
  /** Names it once and for all in its workspace: the same key is charged once. */
  readonly key: string;
  readonly unit: UsageUnit;
  /** Whole units; negative where something is given back. */
  readonly quantity: number;
  /** The model whose price counts. */
  readonly model?: string;
  readonly artifactId?: string;
  readonly modelCallId?: string;
  /** Row of the transcript, rendition or content that came of it. */
  readonly outputId?: string;
}

/** Writes what was consumed into the ledger, at today's prices, in the transaction of the work that used it. */
export async function charge(tx: Tx, cause: Cause, consumed: readonly Consumption[]): Promise<void> {
  const now = new Date();
  const { workspaceId, uploadId, runId = null, stageRunId = null } = cause;
  const data = consumed
    .filter(({ quantity }) => quantity !== 0)
    .map(({ key, quantity, model, ...entry }) => {
      const price = priceOf({ unit: entry.unit, ...(model !== undefined && { model }) }, now);
      return {
        ...entry,
        workspaceId,
        uploadId,
        runId,
        stageRunId,
        quantity,
        dedupeKey: key,
        priceMicrosPerMillion: price.microsPerMillion,
        pricedOn: price.pricedOn,
        costMicros: costOf(quantity, price),
      };
    });
  if (data.length > 0) await tx.usageEntry.createMany({ data, skipDuplicates: true });
}

/** What a model was asked in vain: its answer could not be kept. */
interface Unkept {
  readonly workspaceId: string;
  /** Names it once and for all in its workspace. */
  readonly key: string;
  readonly consumed: Readonly<Partial<Record<UsageUnit, number>>>;
}

/** Writes what an answer that nobody works with took into the ledger, at no cost; nothing where the workspace is gone. */
export const countUnkept = async (tx: Tx, { workspaceId, key, consumed }: Unkept): Promise<void> =>
  void (await tx.$executeRaw`
    insert into usage_entries (workspace_id, dedupe_key, unit, quantity, price_micros_per_million, priced_on, cost_micros)
    select w.id, format('unkept:%s:%s', ${key}::text, unit), unit::"UsageUnit", quantity::bigint, 0, current_date, 0
    from workspaces w, jsonb_each_text(${JSON.stringify(consumed)}::jsonb) as spent (unit, quantity)
    where w.id = ${workspaceId}::uuid and quantity::bigint > 0 for key share of w
    on conflict (workspace_id, dedupe_key) do nothing`);

/** Of model calls `c` those that no finished work was charged for: a condition. */
export const uncharged = Prisma.sql`not exists (select 1 from usage_entries e where e.model_call_id = c.id)`;

/** An artifact as the ledger knows it: which one, how large, and when its bytes were last taken away. */
export interface StoredBytes {
  readonly id: string;
  readonly workspaceId: string;
  readonly uploadId: string;
  readonly sizeBytes: bigint | number;
  readonly removedAt: Date | null;
}

/**
 * The charge for bytes that were stored: once for a new artifact, and once more each time its bytes are made again
 * after they were removed. `removedAt` is what the row said before that.
 */
export const storing = ({ id, sizeBytes, removedAt }: StoredBytes): Consumption => ({
  key: `artifact:${id}:${removedAt?.getTime() ?? 0}`,
  unit: 'STORED_BYTES',
  quantity: Number(sizeBytes),
  artifactId: id,
});

/**
 * Takes bytes that are no longer kept off the ledger's level, before their rows go: those that retention removed
 * (`removedAt` is set) and those that are erased with their row. Bytes that were removed before are not taken off twice.
 */
export async function chargeRemoval(tx: Tx, artifacts: readonly StoredBytes[]): Promise<void> {
  for (const { id, workspaceId, uploadId, sizeBytes, removedAt } of artifacts) {
    const key = `removed:${id}:${removedAt?.getTime() ?? 'erased'}`;
    const entry = { key, unit: 'STORED_BYTES', quantity: -Number(sizeBytes), artifactId: id } as const;
    await charge(tx, { workspaceId, uploadId }, [entry]);
  }
}
