import { keysOf } from '#base/record.ts';
import type { Runtime } from '#runtime.ts';
import { sweepModelCalls } from '#work/forget-calls.ts';
import type { KeptClass } from './kept.ts';
import { sweepFinals, sweepIntermediates, sweepSources } from './sweep-artifacts.ts';
import { sweepOrphans } from './sweep-orphans.ts';
import { sweepApiKeys, sweepIdentityMessages, sweepInvitations } from './sweep-people.ts';
import {
  sweepActivities,
  sweepDataExports,
  sweepIdempotencyKeys,
  sweepRateUses,
  sweepRunEvents,
  sweepWebhookDeliveries,
} from './sweep-rows.ts';
import { sweepUnfinishedUploads } from './sweep-uploads.ts';
import { inBatches, type Sweeping } from './sweeping.ts';

/** Classes that stay for good, or as long as what they belong to. */
type Staying = 'erasureReceipts' | 'usage';
export type SweptClass = Exclude<KeptClass, Staying>;

/** How each class goes; gives how many went. Objects that no row names come last, after everything that makes some. */
const sweeps: Record<SweptClass, (sweeping: Sweeping) => Promise<number>> = {
  unfinishedUploads: sweepUnfinishedUploads,
  intermediates: sweepIntermediates,
  finals: sweepFinals,
  sources: sweepSources,
  runEvents: sweepRunEvents,
  activities: sweepActivities,
  idempotencyKeys: sweepIdempotencyKeys,
  modelCalls: (sweeping) =>
    inBatches(sweeping, () => sweepModelCalls(sweeping.database.prisma, sweeping.env, sweeping.now)),
  webhookDeliveries: sweepWebhookDeliveries,
  dataExports: sweepDataExports,
  rateUses: sweepRateUses,
  invitations: sweepInvitations,
  apiKeys: sweepApiKeys,
  identityMessages: sweepIdentityMessages,
  orphans: sweepOrphans,
};

/** Names of all classes that are swept, in the order of the sweep. */
export const sweptClasses = keysOf(sweeps);

export interface SweepOptions {
  /** The instant that everything is measured by; a test moves it. */
  readonly now?: Date;
  readonly orphanGraceMs?: number;
  readonly classes?: readonly SweptClass[];
  readonly signal?: AbortSignal;
}

/**
 * Takes away what has been kept long enough, class by class in batches, and gives how many of each went. Several at once
 * do no harm, and one that is killed leaves nothing that the next does not finish. A class that fails is logged and does
 * not keep the others from going.
 */
export async function sweep(
  runtime: Runtime,
  { now = new Date(), orphanGraceMs, classes = sweptClasses, signal }: SweepOptions = {},
): Promise<Partial<Record<SweptClass, number>>> {
  const sweeping: Sweeping = {
    env: runtime.env,
    log: runtime.log,
    database: runtime.database,
    storage: runtime.storage,
    now,
    orphanGraceMs: orphanGraceMs ?? runtime.env.ORPHAN_GRACE_HOURS * 60 * 60 * 1000,
    signal: signal ?? new AbortController().signal,
  };
  const gone: Partial<Record<SweptClass, number>> = {};
  for (const name of classes) {
    if (sweeping.signal.aborted) break;
    try {
      gone[name] = await sweeps[name](sweeping);
      runtime.log.info({ class: name, gone: gone[name] }, 'swept');
    } catch (error) {
      runtime.log.error({ err: error, class: name }, 'not swept');
    }
  }
  return gone;
}
