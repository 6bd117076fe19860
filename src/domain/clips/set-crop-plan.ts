import { z } from 'zod';
import type { Tx } from '#base/database.ts';
import { Problem } from '#base/problem.ts';
import { keysOf } from '#base/record.ts';
import { recordingOf } from '#domain/uploads/recording.ts';
import type { Api, Viewer } from '#graph/context.ts';
import { idOf } from '#graph/ids.ts';
import { type CropPlan, cropPlan, type Shape, shapeOf, shapes } from '#media/crop-plan.ts';
import { presets } from '#media/presets.ts';
import { clipOf, holdClip } from './clip-of.ts';
import { fittingPlan } from './fitting-plan.ts';
import { reviseClip } from './revise-clip.ts';

const part = z.object({ x: z.int(), y: z.int(), width: z.int(), height: z.int() });
const within = part.nullish().transform((value) => value ?? undefined);
const whole = z.object({ within });
const key = z.object({ atMs: z.number(), x: z.int(), cut: z.boolean() });

/** One of them, as the input says it, becomes the plan that is stored. */
const plan = z
  .object({
    fit: whole.nullish(),
    centre: whole.nullish(),
    track: z.object({ keys: z.array(key), within }).nullish(),
    stack: z.object({ upper: part, lower: part }).nullish(),
  })
  .transform(({ fit, centre, track, stack }) => {
    if (fit) return { kind: 'FIT', ...fit };
    if (centre) return { kind: 'CENTRE', ...centre };
    return track ? { kind: 'TRACK', ...track } : { kind: 'STACK', ...stack };
  })
  .pipe(cropPlan);

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
  const clip = await clipOf(api, viewer, { id: choice.clipId, action: 'changing clips' });
  await api.database.prisma.$transaction(async (tx) => {
    await holdClip(tx, clip, choice.baseRevision);
    const { facts } = await recordingOf(tx, clip.uploadId);
    if (!facts.video) throw new Problem('INVALID_STATE', { reason: 'The recording has no picture.' });
    const wanted = choice.plan && fittingPlan(choice.plan, facts.video);
    if (!(await savePlan(tx, choice, { workspaceId: clip.workspaceId, wanted }))) return;
    await reviseClip(tx, clip.id, { stale: { preset: { in: presetsOf(choice.shape) } } });
  });
  return { clipId: clip.id };
}

/** Whether anything changed. */
async function savePlan(
  tx: Tx,
  { clipId, shape }: Choice,
  { workspaceId, wanted }: { workspaceId: string; wanted: CropPlan | null },
): Promise<boolean> {
  const where = { clipId_shape: { clipId, shape } };
  const row = await tx.cropPlan.findUnique({ where, select: { origin: true, plan: true } });
  const chosen = row?.origin === 'CHOSEN' ? cropPlan.parse(row.plan) : null;
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
