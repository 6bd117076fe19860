import type { ClipMs, Word } from '#base/time.ts';
import { type AssLook, toAss } from './ass.ts';
import { captionLayouts, shapeOf } from './caption-layouts.ts';
import { captionCues } from './captions.ts';
import { type CaptionsReport, reportOf, type SettingFault, settingFaults } from './captions-report.ts';

/** Captions to be drawn into a picture: the ASS file, and how well they can be read. */
export interface DrawnCaptions {
  readonly ass: string;
  readonly report: CaptionsReport;
  /** Why they must not be drawn. */
  readonly faults: readonly SettingFault[];
}

/** The words of a clip as captions in the layout of the frame's shape. */
export function drawnCaptions(words: readonly Word<ClipMs>[], look: AssLook): DrawnCaptions {
  const layout = captionLayouts[shapeOf(look.frame)];
  const cues = captionCues(words, layout, look.language);
  return {
    ass: toAss(cues, look),
    report: reportOf(cues, layout, look.language),
    faults: settingFaults(cues, layout),
  };
}
