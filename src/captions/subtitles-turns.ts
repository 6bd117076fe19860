import { durationOf, sourceMs } from '#base/time.ts';
import type { SubtitleCue } from './subtitles-text.ts';

/** Less than this is no time to say a cue in; milliseconds. */
const shortestMs = 300;

/**
 * Cues in order of time, no two at once: a transcript is one line of words. What reaches into the next cue ends where
 * that begins; two that begin together share their time by their letters. No cue is lost. Those that time their words
 * are left as they are.
 */
export function inTurn(cues: readonly SubtitleCue[]): SubtitleCue[] {
  const turns: SubtitleCue[] = [];
  for (const cue of cues.toSorted((a, b) => a.startMs - b.startMs)) {
    const before = turns.pop();
    if (before) turns.push(...(collide(before, cue) ? parted(before, cue) : [before, cue]));
    else turns.push(cue);
  }
  return turns;
}

const collide = (before: SubtitleCue, cue: SubtitleCue): boolean =>
  cue.startMs < before.endMs && !before.words && !cue.words;

function parted(before: SubtitleCue, cue: SubtitleCue): [SubtitleCue, SubtitleCue] {
  if (cue.startMs - before.startMs >= shortestMs) return [{ ...before, endMs: cue.startMs }, cue];
  const endMs = sourceMs(Math.max(before.endMs, cue.endMs));
  const share = before.text.length / (before.text.length + cue.text.length);
  const between = sourceMs(Math.round(before.startMs + share * durationOf({ startMs: before.startMs, endMs })));
  return [
    { ...before, endMs: between },
    { ...cue, startMs: between, endMs },
  ];
}
