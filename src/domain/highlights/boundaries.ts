import { type SourceMs, type Span, sourceMs, type Word } from '#base/time.ts';

/** What a bound was moved to: a whole sentence, a whole word, or nothing near enough. */
type BoundReason = 'SENTENCE' | 'WORD' | 'RAW';

/** What is known about the recording around the span. All lists in order of time. */
export interface Surroundings {
  readonly words: readonly Word[];
  readonly sentences: readonly Span[];
  readonly silences: readonly Span[];
  readonly durationMs: SourceMs;
  readonly frameRate: number;
}

export interface SnappedSpan extends Span {
  readonly reasons: { readonly start: BoundReason; readonly end: BoundReason };
}

/** How far a bound may move: back to a sentence's start, on to a sentence's end, to a word's edge. */
const reachMs = { sentenceStart: 2000, sentenceEnd: 3000, word: 1500 } as const;
/** Room before and after speech, at most half of the gap that is there. */
const [leadMs, tailMs] = [350, 450];
/** Speech heard in the sound may begin or end this far from where the recogniser put the word. */
const toleranceMs = 400;

/**
 * A span whose bounds cut no word: moved to sentences, else to words, then padded into the silence around and widened
 * to whole frames. Never leaves the recording.
 */
export function snap(span: Span, around: Surroundings): SnappedSpan {
  const start = startOf(span, around);
  const end = endOf(span, around);
  const startMs = frame(padded(start.at, 'START', around), Math.floor, around.frameRate);
  const endMs = frame(padded(end.at, 'END', around), Math.ceil, around.frameRate);
  const inside = sourceMs(Math.max(0, Math.min(startMs, around.durationMs - 1)));
  return {
    startMs: inside,
    endMs: sourceMs(Math.max(inside + 1, Math.min(endMs, around.durationMs))),
    reasons: { start: start.reason, end: end.reason },
  };
}

interface Bound {
  readonly at: SourceMs;
  readonly reason: BoundReason;
}

function startOf({ startMs, endMs }: Span, { words, sentences }: Surroundings): Bound {
  const firstWord = words.find((word) => word.endMs > startMs);
  const inSilence = firstWord !== undefined && firstWord.startMs >= startMs ? firstWord.startMs : startMs;
  const sentence = sentences.findLast((candidate) => candidate.startMs <= inSilence);
  if (sentence && sentence.startMs >= startMs - reachMs.sentenceStart && sentence.startMs < endMs) {
    return { at: sentence.startMs, reason: 'SENTENCE' };
  }
  const edge = nearest(
    words.map((word) => word.startMs),
    startMs,
  );
  return edge !== undefined && edge < endMs ? { at: edge, reason: 'WORD' } : { at: startMs, reason: 'RAW' };
}

function endOf({ startMs, endMs }: Span, { words, sentences }: Surroundings): Bound {
  const lastWord = words.findLast((word) => word.startMs < endMs);
  const inSilence = lastWord !== undefined && lastWord.endMs <= endMs ? lastWord.endMs : endMs;
  const sentence = sentences.find((candidate) => candidate.endMs >= inSilence);
  if (sentence && sentence.endMs <= endMs + reachMs.sentenceEnd && sentence.endMs > startMs) {
    return { at: sentence.endMs, reason: 'SENTENCE' };
  }
  const edge = nearest(
    words.map((word) => word.endMs),
    endMs,
  );
  return edge !== undefined && edge > startMs ? { at: edge, reason: 'WORD' } : { at: endMs, reason: 'RAW' };
}

function nearest(edges: readonly SourceMs[], at: SourceMs): SourceMs | undefined {
  const best = edges.reduce<SourceMs | undefined>(
    (found, edge) => (found === undefined || Math.abs(edge - at) < Math.abs(found - at) ? edge : found),
    undefined,
  );
  return best !== undefined && Math.abs(best - at) <= reachMs.word ? best : undefined;
}

/** Moves a bound outwards into the gap between words, to where the sound says that speech begins or ends. */
function padded(at: SourceMs, side: 'START' | 'END', around: Surroundings): number {
  const gap = gapAt(at, side, around);
  if (side === 'START') {
    const speechMs = soundEdge(
      at,
      around.silences.map((silence) => silence.endMs),
    );
    const onsetMs = Math.max(gap.startMs, Math.min(at, speechMs));
    return onsetMs - Math.min(leadMs, (onsetMs - gap.startMs) / 2);
  }
  const speechMs = soundEdge(
    at,
    around.silences.map((silence) => silence.startMs),
  );
  const offsetMs = Math.min(gap.endMs, Math.max(at, speechMs));
  return offsetMs + Math.min(tailMs, (gap.endMs - offsetMs) / 2);
}

/** From the word before (or the recording's start) to the bound, or from the bound to the word after (or its end). */
function gapAt(at: SourceMs, side: 'START' | 'END', { words, durationMs }: Surroundings): Span {
  if (side === 'START') {
    const before = words.findLast((word) => word.startMs < at);
    return { startMs: sourceMs(Math.min(at, before?.endMs ?? 0)), endMs: at };
  }
  const after = words.find((word) => word.endMs > at);
  return { startMs: at, endMs: sourceMs(Math.max(at, after?.startMs ?? durationMs)) };
}

function soundEdge(at: SourceMs, edges: readonly SourceMs[]): number {
  return edges.find((edge) => Math.abs(edge - at) <= toleranceMs) ?? at;
}

const frame = (at: number, round: (value: number) => number, frameRate: number): SourceMs =>
  sourceMs((round((at * frameRate) / 1000) * 1000) / frameRate);
