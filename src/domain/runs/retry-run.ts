import { z } from 'zod';
import type { Tx } from '#base/database.ts';
import { throughOutage } from '#base/outage.ts';
import type { Api, Viewer } from '#graph/context.ts';
import { idOf } from '#graph/ids.ts';
import { idempotencyKey, once } from '#graph/once.ts';
import { retryRun } from '#pipeline/retry-run.ts';
import { paidModels } from '#usage/paid-models.ts';
import { runOf } from './run-of.ts';

const patienceMs = 5_000;

export const retryRunInput = z.object({
  runId: idOf('Run'),
  stageRunIds: z
    .array(idOf('StageRun'))
    .min(1, 'Name at least one, or leave it out to retry all.')
    .max(500)
    .nullish()
    .transform((ids) => (ids ? [...new Set(ids)].sort() : null)),
  idempotencyKey,
});

/** Runs what failed in a run that the caller sees again, as a new run. */
export async function retryVisibleRun(
  input: z.output<typeof retryRunInput>,
  viewer: Viewer,
  { database, env, wake }: Api,
): Promise<{ runId: string; replayed: boolean }> {
  const { idempotencyKey: key, ...rest } = input;
  const { workspaceId } = await runOf(database, viewer, { id: input.runId, name: 'retryRun' });
  const retry = async (tx: Tx) => {
    const { answerId, replayed } = await once(tx, { workspaceId, key, operation: 'retryRun', input: rest });
    if (!replayed) await retryRun(tx, { id: answerId, ...rest, createdById: viewer.userId }, paidModels(env));
    return { runId: answerId, replayed };
  };
  // It changes outputs that another run over the same recording may be writing: of two in each other's way one is ended.
  const started = await throughOutage(
    () => patienceMs,
    () => database.prisma.$transaction(retry, { timeout: 30_000, maxWait: 10_000 }),
  );
  wake(workspaceId);
  return started;
}
