import { z } from 'zod';
import type { Tx } from '#base/database.ts';
import { Problem } from '#base/problem.ts';
import { keysOf } from '#base/record.ts';
import { sourceMs } from '#base/time.ts';
import { shapeOf } from '#captions/caption-layouts.ts';
import { recordingOf } from '#domain/uploads/recording.ts';
import type { Api, Viewer } from '#graph/context.ts';
import { idOf } from '#graph/ids.ts';
import { type CropPlan, cropPlan, rectangle, type Shape, type Size, shapes, windowIn } from '#media/crop-plan.ts';
import { presets } from '#media/presets.ts';
import { trackKeys } from '#media/track-keys.ts';
import { clipOf, holdClip } from './clip-of.ts';
import { checkSightings, fittingPlan } from './fitting-plan.ts';
import { reviseClip } from './revise-clip.ts';

const part = z.object({ x: z.int(), y: z.int(), width: z.int(), height: z.int() });
const within = part.nullish().transform((value) => value ?? undefined);
const whole = z.object({ within });
const key = z.object({ atMs: z.number(), x: z.int(), cut: z.boolean() });
const sighting = z.object({ atMs: z.int().min(0).transform(sourceMs), x: z.int().min(0) });
const follow = z.object({ sightings: z.array(sighting).min(1).max(2_400), within: rectangle.nullish() });

/** One of them, as the input says it, becomes the plan that is stored; what was seen does so once the picture is known. */
const plan = z
  .object({
    fit: whole.nullish(),
    centre: whole.nullish(),
    track: z.object({ keys: z.array(key), within }).nullish(),
    stack: z.object({ upper: part, lower: part }).nullish(),
    follow: follow.nullish(),
  })
  .transform(({ fit, centre, track, stack, follow: seen }) => {
    if (seen) return { kind: 'FOLLOW', ...seen };
    if (fit) return { kind: 'FIT', ...fit };
    if (centre) return { kind: 'CENTRE', ...centre };
    return track ? { kind: 'TRACK', ...track } : { kind: 'STACK', ...stack };
  })
  .pipe(z.union([cropPlan, follow.extend({ kind: z.literal('FOLLOW') })]));

export const setCropPlanInput = z.object({
  clipId: idOf('Clip'),
  baseRevision: z.int(),
  shape: z.enum(keysOf(shapes)),
  plan: plan.nullish().transform((value) => value ?? null),
});

type Choice = z.output<typeof setCropPlanInput>;

/**
 * Sets which part of the picture one shape of a clip shows, or goes back to the automatic plan. The renditions of that
 * shape become stale. What is so already changes nothing. STALE_REVISION when the clip is not at `baseRevision`.
 */
export async function setCropPlan(choice: Choice, viewer: Viewer, api: Api): Promise<{ clipId: string }> {
  const clip = await clipOf(api, viewer, { id: choice.clipId, name: 'setCropPlan' });
  await api.database.prisma.$transaction(async (tx) => {
    await holdClip(tx, clip, choice.baseRevision);
    const { facts } = await recordingOf(tx, clip.uploadId);
    if (!facts.video) throw new Problem('INVALID_STATE', { reason: 'The recording has no picture.' });
    const asked =
      choice.plan?.kind === 'FOLLOW'
        ? await followed(tx, choice.plan, { ...choice, ...clip, picture: facts.video, durationMs: facts.durationMs })
        : choice.plan;
    const wanted = asked && fittingPlan(asked, facts.video);
    if (!(await savePlan(tx, choice, { workspaceId: clip.workspaceId, wanted }))) return;
    await reviseClip(tx, clip.id, { stale: { preset: { in: presetsOf(choice.shape) } } });
  });
  return { clipId: clip.id };
}

/** What a detector or a person saw, as a window that follows it. */
async function followed(
  tx: Tx,
  { sightings, within: asked }: z.output<typeof follow>,
  { uploadId, shape, picture, durationMs }: { uploadId: string; shape: Shape; picture: Size; durationMs: number },
): Promise<CropPlan> {
  checkSightings(sightings, durationMs);
  const analysis = await tx.recordingAnalysis.findUnique({ where: { uploadId }, select: { scenesMs: true } });
  const keys = trackKeys(sightings, {
    pictureWidth: picture.width,
    windowWidth: windowIn(asked ?? { x: 0, y: 0, ...picture }, shapes[shape]).width,
    scenesMs: (analysis?.scenesMs ?? []).map(sourceMs),
  });
  return cropPlan.parse({ kind: 'TRACK', keys, ...(asked && { within: asked }) });
}

/** Whether anything changed. A stored plan that cannot be read is another one than any, so that it can be replaced. */
async function savePlan(
  tx: Tx,
  { clipId, shape }: Choice,
  { workspaceId, wanted }: { workspaceId: string; wanted: CropPlan | null },
): Promise<boolean> {
  const where = { clipId_shape: { clipId, shape } };
  const row = await tx.cropPlan.findUnique({ where, select: { origin: true, plan: true } });
  const chosen = row?.origin === 'CHOSEN' ? cropPlan.safeParse(row.plan).data : null;
  if (JSON.stringify(chosen) === JSON.stringify(wanted)) return false;
  const columns = { origin: 'CHOSEN', plan: wanted ?? {} } as const;
  if (wanted) await tx.cropPlan.upsert({ where, create: { clipId, shape, workspaceId, ...columns }, update: columns });
  else await tx.cropPlan.delete({ where });
  return true;
}

const presetsOf = (shape: Shape) =>
  keysOf(presets).filter((name) => {
    const { frame } = presets[name];
    return frame !== null && shapeOf(frame) === shape;
  });
