import type { ClipMs, Word } from '#base/time.ts';
import { toAss } from '#captions/ass.ts';
import { captionCues, captionLayoutFor } from '#captions/captions.ts';
import { presets } from '#media/presets.ts';
import type { WantedRendition } from './wanted-renditions.ts';

/** What is said in a clip, on its own timeline, and how one of its renditions shows it. */
export interface Captioned extends WantedRendition {
  readonly words: readonly Word<ClipMs>[];
}

/** The ASS text of the captions that are drawn into a rendition's picture, or null where none are. */
export function burnedCaptions({ preset, captionStyle, words }: Captioned): string | null {
  const { frame } = presets[preset];
  if (!frame || words.length === 0) return null;
  if (captionStyle !== 'BURNED_PLAIN' && captionStyle !== 'BURNED_KARAOKE') return null;
  const style = captionStyle === 'BURNED_KARAOKE' ? 'KARAOKE' : 'PLAIN';
  return toAss(captionCues(words, captionLayoutFor(frame)), { ...frame, style });
}
