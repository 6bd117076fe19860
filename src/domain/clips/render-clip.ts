import { z } from 'zod';
import type { Tx } from '#base/database.ts';
import { durationOf } from '#base/time.ts';
import { takeTurn } from '#domain/uploads/take-turn.ts';
import { CaptionStyle, RenditionPreset, SafeArea } from '#generated/prisma/enums.ts';
import type { Api, Viewer } from '#graph/context.ts';
import { idOf } from '#graph/ids.ts';
import { idempotencyKey, once } from '#graph/once.ts';
import { probeOnly, type Recipe } from '#pipeline/recipe.ts';
import { insertRun } from '#pipeline/start-run.ts';
import { holdStartable } from '#pipeline/startable.ts';
import { paidModels } from '#usage/paid-models.ts';
import { footageOf } from './clip-bounds.ts';
import { clipOf } from './clip-of.ts';
import { cutsOf } from './cuts-column.ts';
import { saveRenditions } from './lay-out.ts';
import { wantedRenditions } from './wanted-renditions.ts';

export const renderClipInput = z.object({
  clipId: idOf('Clip'),
  presets: z
    .array(z.enum(RenditionPreset))
    .min(1, 'Name at least one.')
    .transform((presets) => [...new Set(presets)].sort()),
  captionStyle: z.enum(CaptionStyle),
  safeArea: z.enum(SafeArea),
  idempotencyKey,
});

type Input = z.output<typeof renderClipInput>;

/**
 * Starts a run that encodes one clip in the given shapes. What is there already under the key of what the clip shows now
 * is taken as it is, so that only stale and missing renditions are encoded.
 */
export async function renderClip(
  input: Input,
  viewer: Viewer,
  api: Api,
): Promise<{ clipId: string; runId: string; replayed: boolean }> {
  const { clipId } = input;
  const clip = await clipOf(api, viewer, { id: clipId, name: 'renderClip' });
  const { workspaceId, uploadId } = clip;
  const { idempotencyKey: key, ...rest } = input;
  const start = async (tx: Tx) => {
    const { answerId: runId, replayed } = await once(tx, { workspaceId, key, operation: 'renderClip', input: rest });
    if (replayed) return { clipId, runId, replayed };
    await holdStartable(tx, uploadId);
    await takeTurn(tx, uploadId);
    const { recording } = await footageOf(tx, uploadId);
    const recipe = await recipeOf(tx, input);
    const run = { id: runId, workspaceId, uploadId, recipe, createdById: viewer.userId };
    const stageRunId = await insertRun(tx, run, paidModels(api.env));
    const wanted = wantedRenditions(recipe, recording);
    await saveRenditions(tx, clip, { clipId, wanted, stageRunId });
    return { clipId, runId, replayed };
  };
  const started = await api.database.prisma.$transaction(start, { timeout: 30_000, maxWait: 10_000 });
  api.wake(workspaceId);
  return started;
}

async function recipeOf(tx: Tx, { clipId, ...shown }: Input): Promise<Recipe> {
  const { presets, captionStyle, safeArea } = shown;
  const clip = await tx.clip.findUniqueOrThrow({
    where: { id: clipId },
    select: { origin: true, cuts: true, removeSilences: true, removeFillers: true },
  });
  const { removeSilences, removeFillers } = clip;
  const durationMs = cutsOf(clip.cuts).reduce((sum, cut) => sum + durationOf(cut), 0);
  return {
    ...probeOnly,
    clips: { presets, captionStyle, safeArea, removeSilences, removeFillers, reel: false },
    render: { clipId, stage: clip.origin === 'REEL' ? 'reel' : 'cut', durationMs },
  };
}
