import type { SourceMs, Span, Word } from '#base/time.ts';
import type { Place } from './frame-grid.ts';

/** Room before and after speech, at most half of the gap that is there. */
const [leadMs, tailMs] = [350, 450];
/** Speech heard in the sound may begin or end this far from where the recogniser put the word. */
const toleranceMs = 400;

interface Sound {
  readonly words: readonly Word[];
  readonly silences: readonly Span[];
  readonly durationMs: SourceMs;
}

/** The gap before a bound at a word's start, and where in it the bound is wanted: some room before the speech heard. */
export function roomBefore(at: SourceMs, { words, silences }: Sound): Place {
  const before = words.findLast((word) => word.startMs < at);
  const startMs = Math.min(at, before?.endMs ?? 0);
  const speechMs = soundEdge(
    at,
    silences.map((silence) => silence.endMs),
  );
  const onsetMs = Math.max(startMs, Math.min(at, speechMs));
  return { startMs, endMs: at, atMs: onsetMs - Math.min(leadMs, (onsetMs - startMs) / 2) };
}

/** The gap after a bound at a word's end, and where in it the bound is wanted: some room after the speech heard. */
export function roomAfter(at: SourceMs, { words, silences, durationMs }: Sound): Place {
  const after = words.find((word) => word.endMs > at);
  const endMs = Math.max(at, after?.startMs ?? durationMs);
  const speechMs = soundEdge(
    at,
    silences.map((silence) => silence.startMs),
  );
  const offsetMs = Math.min(endMs, Math.max(at, speechMs));
  return { startMs: at, endMs, atMs: offsetMs + Math.min(tailMs, (endMs - offsetMs) / 2) };
}

function soundEdge(at: SourceMs, edges: readonly SourceMs[]): number {
  return edges.find((edge) => Math.abs(edge - at) <= toleranceMs) ?? at;
}
