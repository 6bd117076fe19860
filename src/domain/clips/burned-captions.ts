import { Problem } from '#base/problem.ts';
import type { ClipMs, Word } from '#base/time.ts';
import type { CaptionStyleName } from '#captions/caption-styles.ts';
import { type DrawnCaptions, drawnCaptions } from '#captions/drawn-captions.ts';
import type { CaptionStyle } from '#generated/prisma/enums.ts';
import { writeBurnable } from '#media/burn.ts';
import { presets } from '#media/presets.ts';
import { bandsOf } from '#media/stack-bands.ts';
import type { Planning } from './crop-plan.ts';
import { renditionPlan } from './rendition-plan.ts';
import type { WantedRendition } from './wanted-renditions.ts';

/** What is said in a clip, on its own timeline, and how one of its renditions shows it. */
export interface Captioned extends WantedRendition {
  readonly words: readonly Word<ClipMs>[];
  readonly language: string;
}

/** How captions of each style are drawn; null where none are. */
const drawn: Readonly<Record<CaptionStyle, CaptionStyleName | null>> = {
  NONE: null,
  SIDECAR: null,
  BURNED_PLAIN: 'PLAIN',
  BURNED_BOXED: 'BOXED',
  BURNED_KARAOKE: 'KARAOKE',
};

/** The captions that are drawn into a rendition's picture, or null where none are. */
export function burnedCaptions(captioned: Captioned & Planning): DrawnCaptions | null {
  const { preset, captionStyle, safeArea, words, language } = captioned;
  const [{ frame, lift }, style] = [presets[preset], drawn[captionStyle]];
  if (!frame || !style || words.length === 0) return null;
  const plan = renditionPlan(captioned, preset);
  const seam = plan?.kind === 'STACK' ? bandsOf(frame, { ...plan, lift }).lower.y : undefined;
  return drawnCaptions(words, { frame, style, safeArea, seam, language });
}

/**
 * Writes captions to be drawn into a picture. Throws ENCODE_FAILED with their faults and their report where lines or
 * times were set badly: nobody could mend it in the finished file.
 */
export async function writeBurned(assFile: string, { ass, report, faults }: DrawnCaptions): Promise<void> {
  if (faults.length > 0) throw new Problem('ENCODE_FAILED', { faults, captions: report });
  await writeBurnable(assFile, ass);
}
