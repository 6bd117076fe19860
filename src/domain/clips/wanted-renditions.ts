import type { Recording } from '#domain/uploads/recording.ts';
import type { CaptionStyle, RenditionPreset, SafeArea } from '#generated/prisma/enums.ts';
import type { Recipe } from '#pipeline/recipe.ts';

/** What of a clip one rendition shows, and how: a clip has one rendition of each. */
export interface WantedRendition {
  readonly preset: RenditionPreset;
  readonly captionStyle: CaptionStyle;
  readonly safeArea: SafeArea;
}

/** The renditions that a recipe asks for of each clip, in its order; a recording without a picture has sound to give. */
export function wantedRenditions({ clips }: Recipe, { facts }: Recording): WantedRendition[] {
  if (!clips) return [];
  const { captionStyle, safeArea } = clips;
  const presets = facts.video ? clips.presets : (['AUDIO_ONLY'] as const);
  // Sound has no picture to draw on.
  return presets.map((preset) => ({
    preset,
    captionStyle: preset === 'AUDIO_ONLY' ? 'SIDECAR' : captionStyle,
    safeArea,
  }));
}
