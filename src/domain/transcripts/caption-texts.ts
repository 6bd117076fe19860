import type { Word } from '#base/time.ts';
import { toAss } from '#captions/ass.ts';
import { captionLayouts } from '#captions/caption-layouts.ts';
import { type Cue, captionCues } from '#captions/captions.ts';
import { type CaptionsReport, reportOf } from '#captions/captions-report.ts';
import { toSrt, toVtt } from '#captions/subtitles.ts';
import type { CaptionFormat } from '#generated/prisma/enums.ts';

/** One caption file before it is stored, and how well it can be read. */
export interface CaptionText {
  readonly format: CaptionFormat;
  readonly ext: string;
  readonly contentType: string;
  readonly text: string;
  readonly report: CaptionsReport;
}

type Cues = readonly Cue<number>[];

/** As styled captions are set for a wide picture; players scale them to theirs. */
const wide = { frame: { width: 1920, height: 1080 }, style: 'PLAIN', safeArea: 'NONE' } as const;

const flavours = [
  {
    format: 'VTT',
    ext: 'vtt',
    contentType: 'text/vtt',
    write: (cues: Cues, language: string) => toVtt(cues, language),
  },
  {
    format: 'SRT',
    ext: 'srt',
    contentType: 'application/x-subrip',
    write: (cues: Cues, language: string) => toSrt(cues, language),
  },
  {
    format: 'ASS',
    ext: 'ass',
    contentType: 'text/x-ssa',
    write: (cues: Cues, language: string) => toAss(cues, { ...wide, language }),
  },
] as const;

/** Words as caption files of each flavour, in the layout of a wide picture: players put them below any shape. */
export function captionTexts<Ms extends number>(words: readonly Word<Ms>[], language: string): CaptionText[] {
  const cues = captionCues(words, captionLayouts.LANDSCAPE, language);
  const report = reportOf(cues, captionLayouts.LANDSCAPE, language);
  return flavours.map(({ write, ...flavour }) => ({ ...flavour, text: write(cues, language), report }));
}
