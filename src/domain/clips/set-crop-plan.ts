import { z } from 'zod';
import type { Tx } from '#base/database.ts';
import { Problem } from '#base/problem.ts';
import { keysOf } from '#base/record.ts';
import { recordingOf } from '#domain/uploads/recording.ts';
import { takeTurn } from '#domain/uploads/take-turn.ts';
import { type Api, requireRole, type Viewer, visibleTo } from '#graph/context.ts';
import { idOf } from '#graph/ids.ts';
import { type CropPlan, cropPlan, type Shape, shapeOf, shapes } from '#media/crop-plan.ts';
import { presets } from '#media/presets.ts';
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
  baseRevision: z.int().nullish(),
  shape: z.enum(keysOf(shapes)),
  plan: plan.nullish().transform((value) => value ?? null),
});

type Choice = z.output<typeof setCropPlanInput>;

/**
 * Sets which part of the picture one shape of a clip shows, or goes back to the automatic plan. The renditions of that
 * shape become stale. What is so already changes nothing. STALE_REVISION when the clip is not at `baseRevision`.
 */
export async function setCropPlan(choice: Choice, viewer: Viewer, { database }: Api): Promise<{ clipId: string }> {
  const { clipId } = choice;
  const where = { id: clipId, ...visibleTo({ viewer }) };
  const select = { workspaceId: true, uploadId: true } as const;
  const clip = await database.prisma.clip.findFirst({ where, select });
  if (!clip) throw new Problem('NOT_FOUND', { what: 'The clip' });
  requireRole(viewer, clip.workspaceId, { role: 'EDITOR', action: 'changing clips' });
  await database.prisma.$transaction(async (tx) => {
    await takeTurn(tx, clip.uploadId);
    await requireRevision(tx, choice);
    const { facts } = await recordingOf(tx, clip.uploadId);
    if (!facts.video) throw new Problem('INVALID_STATE', { reason: 'The recording has no picture.' });
    const wanted = choice.plan && fittingPlan(choice.plan, facts.video);
    if (!(await savePlan(tx, choice, { workspaceId: clip.workspaceId, wanted }))) return;
    await reviseClip(tx, clipId, { stale: { preset: { in: presetsOf(choice.shape) } } });
  });
  return { clipId };
}

async function requireRevision(tx: Tx, { clipId, baseRevision }: Choice): Promise<void> {
  const clip = await tx.clip.findUnique({ where: { id: clipId }, select: { revision: true } });
  if (!clip) throw new Problem('NOT_FOUND', { what: 'The clip' });
  if (typeof baseRevision !== 'number' || baseRevision === clip.revision) return;
  throw new Problem('STALE_REVISION', { expectedRevision: baseRevision, currentRevision: clip.revision });
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
