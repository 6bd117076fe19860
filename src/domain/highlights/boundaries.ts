import { type SourceMs, type Span, sourceMs, type Word } from '#base/time.ts';
import type { BoundReason } from '#generated/prisma/enums.ts';
import { onGrid } from './frame-grid.ts';
import { roomAfter, roomBefore } from './room.ts';

/** What is known about the recording around the span. All lists in order of time. */
export interface Surroundings extends Sound {
  readonly sentences: readonly Span[];
}

interface Sound {
  readonly words: readonly Word[];
  readonly silences: readonly Span[];
  readonly durationMs: SourceMs;
  readonly frameRate: number;
}

/** A span with why it starts and ends where it does. */
export interface SnappedSpan extends Span {
  readonly reasons: { readonly start: BoundReason; readonly end: BoundReason };
}

/** A recording without a picture is cut on as many frames a second. */
export const soundFrameRate = 25;

/** How far a bound may move: back to a sentence's start, on to a sentence's end, to a word's edge. */
const reachMs = { sentenceStart: 2000, sentenceEnd: 3000, word: 1500 } as const;

/**
 * A span whose bounds cut no word: moved to sentences, else to words, then padded into the silence around and put on
 * whole frames. Never leaves the recording. Where words follow each other within less than a frame the nearest frame
 * is taken, at most half of one inside a word.
 */
export function snap(span: Span, around: Surroundings): SnappedSpan {
  const start = startOf(span, around);
  const end = endOf({ startMs: start.at, endMs: span.endMs }, around);
  const startMs = onGrid(roomBefore(start.at, around), around.frameRate);
  const endMs = onGrid(roomAfter(end.at, around), around.frameRate);
  return { ...inside(startMs, endMs, around), reasons: { start: start.reason, end: end.reason } };
}

/**
 * A person's own bounds, obeyed: moved to the nearest frame only, save where that cuts a word; such a bound moves
 * outwards to the word's edge.
 */
export function obeyed(span: Span, around: Sound): SnappedSpan {
  const start = boundAt(span.startMs, 'START', around);
  const end = boundAt(span.endMs, 'END', around);
  return { ...inside(start.at, end.at, around), reasons: { start: start.reason, end: end.reason } };
}

/** At least a frame of the recording. */
function inside(start: SourceMs, end: SourceMs, { durationMs, frameRate }: Sound): Span {
  const frameMs = 1000 / frameRate;
  const startMs = Math.max(0, Math.min(start, durationMs - frameMs));
  const endMs = Math.min(durationMs, Math.max(end, startMs + frameMs));
  return { startMs: sourceMs(startMs), endMs: sourceMs(endMs) };
}

interface Bound {
  readonly at: SourceMs;
  readonly reason: BoundReason;
}

function boundAt(at: SourceMs, side: 'START' | 'END', around: Sound): Bound {
  const frameMs = onGrid({ atMs: at, startMs: at, endMs: at }, around.frameRate);
  const cut = wordAt(around.words, frameMs);
  if (!cut) return { at: frameMs, reason: 'CHOSEN' };
  const edge = side === 'START' ? roomBefore(cut.startMs, around) : roomAfter(cut.endMs, around);
  const nearest = side === 'START' ? { ...edge, atMs: edge.endMs } : { ...edge, atMs: edge.startMs };
  return { at: onGrid(nearest, around.frameRate), reason: 'WORD' };
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
  if (edge !== undefined && edge < endMs) return { at: edge, reason: 'WORD' };
  const cut = wordAt(words, startMs);
  return cut ? { at: cut.startMs, reason: 'WORD' } : { at: startMs, reason: 'RAW' };
}

/** Asked from where the span was found to start, so that what ends before that is no end of it. */
function endOf({ startMs, endMs }: Span, { words, sentences }: Surroundings): Bound {
  const lastWord = words.findLast((word) => word.startMs < endMs);
  const inSilence = lastWord !== undefined && lastWord.endMs <= endMs ? lastWord.endMs : endMs;
  const sentence = sentences.find((candidate) => candidate.endMs >= inSilence && candidate.endMs > startMs);
  if (sentence && sentence.endMs <= endMs + reachMs.sentenceEnd) {
    return { at: sentence.endMs, reason: 'SENTENCE' };
  }
  const edge = nearest(
    words.map((word) => word.endMs).filter((edge) => edge > startMs),
    endMs,
  );
  if (edge !== undefined) return { at: edge, reason: 'WORD' };
  const cut = wordAt(words, endMs);
  return cut ? { at: cut.endMs, reason: 'WORD' } : { at: endMs, reason: 'RAW' };
}

const wordAt = (words: readonly Word[], at: number): Word | undefined =>
  words.find((word) => word.startMs < at && at < word.endMs);

function nearest(edges: readonly SourceMs[], at: SourceMs): SourceMs | undefined {
  const best = edges.reduce<SourceMs | undefined>(
    (found, edge) => (found === undefined || Math.abs(edge - at) < Math.abs(found - at) ? edge : found),
    undefined,
  );
  return best !== undefined && Math.abs(best - at) <= reachMs.word ? best : undefined;
}
