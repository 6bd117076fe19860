import { durationOf, type Span, sourceMs, type Word } from '#base/time.ts';
import { without } from './cuts.ts';

/** A pause this long on both sides of a filler is room for a cut that touches no word. */
const cleanMs = 80;
/** Of a pause so much stays, half of it at most: one breath where there were two. */
const keptMs = 120;

/**
 * The parts of a clip that remain without its fillers, which are given by their index among `words`. One that is tied to
 * the word before or after it stays, and so does one at an edge of the clip: its bounds are somebody's choice.
 */
export function withoutFillers(kept: readonly Span[], words: readonly Word[], fillers: ReadonlySet<number>): Span[] {
  const holes: Span[] = [];
  for (let at = 0; at < words.length; at++) {
    const from = at;
    while (fillers.has(at)) at++;
    const [before, first, last, after] = [words[from - 1], words[from], words[at - 1], words[at]];
    if (from === at || !before || !first || !last || !after) continue;
    const [gapBefore, gapAfter] = [first.startMs - before.endMs, after.startMs - last.endMs];
    if (gapBefore < cleanMs || gapAfter < cleanMs) continue;
    holes.push({
      startMs: sourceMs(before.endMs + Math.min(gapBefore / 2, keptMs)),
      endMs: sourceMs(after.startMs - Math.min(gapAfter / 2, keptMs)),
    });
  }
  return without(kept, holes).filter((span) => durationOf(span) > 0);
}
