import { z } from 'zod';
import { uploadOf } from '#domain/uploads/upload-of.ts';
import type { Api, Viewer } from '#graph/context.ts';
import { idOf } from '#graph/ids.ts';
import { idempotencyKey, once } from '#graph/once.ts';
import { requireRole } from '#graph/permissions.ts';
import { recipeInput } from '#graph/recipe-input.ts';
import { insertRun } from '#pipeline/start-run.ts';
import { holdStartable } from '#pipeline/startable.ts';
import { paidModels } from '#usage/paid-models.ts';

export const startRunInput = z.object({
  uploadId: idOf('Upload'),
  recipe: recipeInput,
  fresh: z.boolean().nullish(),
  idempotencyKey,
});

/** Starts a recipe on an upload whose bytes are there: the run, its first stage and that one's job in one commit. */
export async function startRun(
  input: z.output<typeof startRunInput>,
  viewer: Viewer,
  { database, env, wake }: Api,
): Promise<{ runId: string; replayed: boolean }> {
  const upload = await uploadOf(database, viewer, input.uploadId);
  const { workspaceId } = upload;
  requireRole(viewer, workspaceId, 'startRun');
  const { idempotencyKey: key, ...rest } = input;
  const started = await database.prisma.$transaction(async (tx) => {
    const { answerId, replayed } = await once(tx, { workspaceId, key, operation: 'startRun', input: rest });
    if (replayed) return { runId: answerId, replayed };
    const { uploadId } = input;
    await holdStartable(tx, uploadId);
    const recipe = input.fresh ? { ...input.recipe, fresh: answerId } : input.recipe;
    const run = { id: answerId, workspaceId, uploadId, recipe, createdById: viewer.userId };
    await insertRun(tx, run, paidModels(env));
    return { runId: answerId, replayed };
  });
  wake(workspaceId);
  return started;
}
