import { randomUUID } from 'node:crypto';
import type { Tx } from '#base/database.ts';
import { correlation } from '#base/log.ts';
import { appendEvents } from './events.ts';
import { enqueuedEvent, enqueueStage } from './queue.ts';
import type { Recipe } from './recipe.ts';

/** A run to be written. */
export interface NewRun {
  readonly id: string;
  readonly workspaceId: string;
  readonly uploadId: string;
  readonly recipe: Recipe;
  readonly createdById: string;
}

/** Writes a run, its first stage run and that one's job in the caller's transaction: a rollback leaves none of them. */
export async function insertRun(tx: Tx, run: NewRun): Promise<void> {
  await tx.run.create({
    data: { ...run, correlationId: correlation()?.correlationId ?? randomUUID() },
    select: { id: true },
  });
  const ingest = await enqueueStage(tx, run, { stage: 'ingest', subject: '' });
  await appendEvents(tx, run, [
    { dedupeKey: 'run:QUEUED', data: { kind: 'RUN_STATUS', runStatus: 'QUEUED', isFinal: false, failure: null } },
    ...(ingest ? [enqueuedEvent(ingest)] : []),
  ]);
}
