import { badBreak, breakCost, widthOf } from './caption-lines.ts';
import type { CaptionLayout, Cue } from './captions.ts';

/** Rules of readable captions. FAST is a warning, the others are faults. */
type CaptionRule =
  | 'LINE_TOO_LONG'
  | 'TOO_MANY_LINES'
  | 'FAST'
  | 'TOO_FAST'
  | 'TOO_SHORT'
  | 'TOO_LONG'
  | 'OVERLAP'
  | 'GAP_TOO_SMALL'
  | 'PHRASE_SPLIT';

/** For each rule the indexes of the cues that break it. */
export function captionReport(
  cues: readonly Cue<number>[],
  layout: CaptionLayout,
): Readonly<Record<CaptionRule, readonly number[]>> {
  const where = (breaks: (cue: Cue<number>, next: Cue<number> | undefined) => boolean): number[] =>
    cues.flatMap((cue, index) => (breaks(cue, cues[index + 1]) ? [index] : []));
  return {
    LINE_TOO_LONG: where((cue) => cue.lines.some((line) => widthOf(line) > layout.charactersPerLine)),
    TOO_MANY_LINES: where((cue) => cue.lines.length > layout.lines),
    FAST: where((cue) => speedOf(cue) > layout.speed && speedOf(cue) <= layout.maxSpeed),
    TOO_FAST: where((cue) => speedOf(cue) > layout.maxSpeed),
    TOO_SHORT: where((cue) => cue.endMs - cue.startMs < layout.minMs),
    TOO_LONG: where((cue) => cue.endMs - cue.startMs > layout.maxMs),
    OVERLAP: where((cue, next) => next !== undefined && cue.endMs > next.startMs),
    GAP_TOO_SMALL: where((cue, next) => next !== undefined && next.startMs - cue.endMs < layout.gapMs),
    PHRASE_SPLIT: where((cue, next) => splitsPhrase(cue, next, layout)),
  };
}

/** Characters a second, line breaks not counted. */
const speedOf = (cue: Cue<number>): number =>
  (cue.lines.join(' ').length * 1000) / Math.max(1, cue.endMs - cue.startMs);

const splitsPhrase = (cue: Cue<number>, next: Cue<number> | undefined, layout: CaptionLayout): boolean =>
  next !== undefined && breakCost([...cue.words, ...next.words], cue.words.length, layout.language) > badBreak;
