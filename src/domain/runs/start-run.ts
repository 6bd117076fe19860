import { z } from 'zod';
import { Problem } from '#base/problem.ts';
import { idempotencyKey } from '#domain/uploads/create-upload.ts';
import { uploadOf } from '#domain/uploads/upload-of.ts';
import type { UploadStatus } from '#generated/prisma/enums.ts';
import { type Api, requireRole, type Viewer } from '#graph/context.ts';
import { idOf } from '#graph/ids.ts';
import { once } from '#graph/once.ts';
import { recipeInput } from '#graph/recipe-input.ts';
import { insertRun } from '#pipeline/start-run.ts';

export const startRunInput = z.object({
  uploadId: idOf('Upload'),
  recipe: recipeInput,
  fresh: z.boolean().nullish(),
  idempotencyKey,
});

/** VERIFYING too: where the run that was to verify the bytes has been canceled, the next one does it. */
const startable: readonly UploadStatus[] = ['READY', 'VERIFYING'];

/** Starts a recipe on an upload whose bytes are there: the run, its first stage and that one's job in one commit. */
export async function startRun(
  input: z.output<typeof startRunInput>,
  viewer: Viewer,
  { database, wake }: Api,
): Promise<{ runId: string; replayed: boolean }> {
  const upload = await uploadOf(database, viewer, input.uploadId);
  const { workspaceId } = upload;
  requireRole(viewer, workspaceId, { role: 'EDITOR', action: 'starting runs' });
  if (!startable.includes(upload.status)) {
    throw new Problem('INVALID_STATE', { reason: `The upload is not ready for runs (${upload.status}).` });
  }
  const { idempotencyKey: key, ...rest } = input;
  const started = await database.prisma.$transaction(async (tx) => {
    const { answerId, replayed } = await once(tx, { workspaceId, key, operation: 'startRun', input: rest });
    const { uploadId } = input;
    const recipe = input.fresh ? { ...input.recipe, fresh: answerId } : input.recipe;
    if (!replayed) await insertRun(tx, { id: answerId, workspaceId, uploadId, recipe, createdById: viewer.userId });
    return { runId: answerId, replayed };
  });
  wake(workspaceId);
  return started;
}
