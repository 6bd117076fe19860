import { type Span, sourceMs } from '#base/time.ts';

/**
 * The cuts of a reel: those of its highlights in timeline order. Neighbouring highlights may share the pause between
 * them: nothing is shown twice.
 */
export function reelCuts(highlights: readonly (readonly Span[])[]): Span[] {
  const joined: Span[] = [];
  for (const cut of highlights.flat().sort((a, b) => a.startMs - b.startMs)) {
    const last = joined.at(-1);
    if (last && cut.startMs <= last.endMs)
      joined[joined.length - 1] = { startMs: last.startMs, endMs: sourceMs(Math.max(last.endMs, cut.endMs)) };
    else joined.push(cut);
  }
  return joined;
}
