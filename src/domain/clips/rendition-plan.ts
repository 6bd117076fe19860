import { shapeOf } from '#captions/caption-layouts.ts';
import type { RenditionPreset } from '#generated/prisma/enums.ts';
import type { CropPlan } from '#media/crop-plan.ts';
import { presets } from '#media/presets.ts';
import { cropPlanFor, type Planning } from './crop-plan.ts';

/** What of the picture a rendition shows; null for sound alone. */
export function renditionPlan(planning: Planning, preset: RenditionPreset): CropPlan | null {
  const { frame } = presets[preset];
  return frame && cropPlanFor(planning, shapeOf(frame));
}
