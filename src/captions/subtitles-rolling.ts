import { type BlockCue, blockCue } from './subtitles-blocks.ts';
import { plainText } from './subtitles-text.ts';

/** Below this share of repeated lines a repetition is what somebody said. */
const rollingFrom = 1 / 3;

/**
 * Live captions roll: each cue shows the line before once more. Such files become one cue per new line; words would be
 * heard twice otherwise. Other files pass unchanged.
 */
export function withoutRolling(cues: readonly BlockCue[]): BlockCue[] {
  const rolled = cues.map((cue, index) => withoutLineOf(cue, cues[index - 1]));
  const repeats = rolled.filter((cue, index) => cue !== cues[index]).length;
  return repeats >= 3 && repeats >= cues.length * rollingFrom ? rolled : [...cues];
}

function withoutLineOf(cue: BlockCue, before: BlockCue | undefined): BlockCue {
  const shown = before?.lines.map((line) => plainText([line])).findLast(Boolean);
  const lines = cue.lines.filter((line) => plainText([line]) !== '');
  if (before === undefined || cue.startMs > before.endMs + 100 || shown !== plainText(lines.slice(0, 1))) return cue;
  return blockCue(cue, lines.slice(1));
}
