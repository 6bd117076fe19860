import { overlaps, type SourceMs, type Span } from '#base/time.ts';

/** The talk's own ends are clean cuts, but rarely what is worth sharing. */
const pauseAtEndsMs = 600;

/**
 * The pause in milliseconds before each line, and one after the last. Between lines the silences heard decide, else the
 * times of the lines. Both in order of time.
 */
export function pausesAround(lines: readonly Span[], silences: readonly Span[]): number[] {
  let next = 0;
  const between = (fromMs: SourceMs, toMs: SourceMs): number => {
    const gap = { startMs: fromMs, endMs: toMs };
    while ((silences[next]?.endMs ?? Number.POSITIVE_INFINITY) <= fromMs) next++;
    let longest = toMs - fromMs;
    for (let at = next; (silences[at]?.startMs ?? Number.POSITIVE_INFINITY) < toMs; at++) {
      const silence = silences[at];
      if (silence && overlaps(silence, gap)) longest = Math.max(longest, silence.endMs - silence.startMs);
    }
    return longest;
  };
  return [
    pauseAtEndsMs,
    ...lines.slice(1).map((line, index) => between(lines[index]?.endMs ?? line.startMs, line.startMs)),
    pauseAtEndsMs,
  ];
}
