import type { Word } from '#base/time.ts';
import { captionCues, captionLayouts } from '#captions/captions.ts';
import { toSrt, toVtt } from '#captions/subtitles.ts';

/** One caption file before it is stored. */
export interface CaptionText {
  readonly format: 'VTT' | 'SRT';
  readonly ext: string;
  readonly contentType: string;
  readonly text: string;
}

const flavours = [
  { format: 'VTT', ext: 'vtt', contentType: 'text/vtt', write: toVtt },
  { format: 'SRT', ext: 'srt', contentType: 'application/x-subrip', write: toSrt },
] as const;

/** Words as caption files of each flavour, in the layout of a wide picture: players put them below any shape. */
export function captionTexts<Ms extends number>(words: readonly Word<Ms>[]): CaptionText[] {
  const cues = captionCues(words, captionLayouts.LANDSCAPE);
  return flavours.map(({ write, ...flavour }) => ({ ...flavour, text: write(cues) }));
}
