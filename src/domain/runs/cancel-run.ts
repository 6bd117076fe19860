import { z } from 'zod';
import type { Api, Viewer } from '#graph/context.ts';
import { idOf } from '#graph/ids.ts';
import { cancelRun } from '#pipeline/cancel-run.ts';
import { runOf } from './run-of.ts';

export const cancelRunInput = z.object({ runId: idOf('Run') });

/** Cancels a run that the caller sees. */
export async function cancelVisibleRun(
  { runId }: z.output<typeof cancelRunInput>,
  viewer: Viewer,
  { database, wake }: Api,
): Promise<{ runId: string }> {
  await runOf(database, viewer, { id: runId, name: 'cancelRun' });
  await cancelRun({ database, wake }, runId);
  return { runId };
}
