import { Problem } from '#base/problem.ts';
import { type ClipMs, clipMs, type SourceMs, type Span, sourceMs, type Word } from '#base/time.ts';

/** Both directions between the recording and a clip made of kept parts of it. */
export interface TimeMap {
  readonly durationMs: ClipMs;
  /** Where a moment of the recording is in the clip; one that was cut out becomes the join where it was. */
  toClip(at: SourceMs): ClipMs;
  /** Where a moment of the clip comes from; the moment of a join belongs to the part after it. */
  toSource(at: ClipMs): SourceMs;
  /** A span of the clip as one span of the recording: what crosses a join is clamped to the side holding more of it. */
  toSourceSpan(span: Span<ClipMs>): Span;
}

interface Part {
  readonly source: Span;
  readonly clip: Span<ClipMs>;
}

/** The map of a clip made of `cuts`. Throws INVALID_INPUT unless they are in order, apart and not empty. */
export function timeMap(cuts: readonly Span[]): TimeMap {
  const parts = partsOf(cuts);
  const durationMs = parts.at(-1)?.clip.endMs ?? clipMs(0);
  const toSource = (at: ClipMs): SourceMs => {
    const part = parts[lastIndex(parts, (candidate) => candidate.clip.startMs <= at)] ?? parts[0];
    return part ? shifted(at, part.clip, part.source) : sourceMs(0);
  };
  return {
    durationMs,
    toClip: (at) => {
      const part = parts[lastIndex(parts, (candidate) => candidate.source.startMs <= at)];
      return part ? clipMs(shifted(at, part.source, part.clip)) : clipMs(0);
    },
    toSource,
    toSourceSpan: (span) => {
      const part = holderOf(parts, span);
      if (!part) return { startMs: toSource(span.startMs), endMs: toSource(span.startMs) };
      return {
        startMs: sourceMs(shifted(span.startMs, part.clip, part.source)),
        endMs: sourceMs(shifted(span.endMs, part.clip, part.source)),
      };
    },
  };
}

function partsOf(cuts: readonly Span[]): Part[] {
  let clipAt = 0;
  let sourceAt = Number.NEGATIVE_INFINITY;
  return cuts.map((source) => {
    if (source.startMs < sourceAt || source.endMs <= source.startMs) {
      throw new Problem('INVALID_INPUT', { reason: 'Cuts must be in order, must not overlap and must not be empty.' });
    }
    sourceAt = source.endMs;
    const clip = { startMs: clipMs(clipAt), endMs: clipMs(clipAt + source.endMs - source.startMs) };
    clipAt = clip.endMs;
    return { source, clip };
  });
}

/** Binary search for the last part that fits; -1 when none does. A three-hour talk has thousands of parts. */
function lastIndex(parts: readonly Part[], fits: (part: Part) => boolean): number {
  let low = 0;
  let high = parts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const part = parts[middle];
    if (part && fits(part)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

const shifted = (at: number, from: Span<number>, to: Span<number>): SourceMs =>
  sourceMs(Math.min(Math.max(at, from.startMs), from.endMs) - from.startMs + to.startMs);

/** The part that holds most of the span; the earlier one when they hold the same. */
function holderOf(parts: readonly Part[], span: Span<ClipMs>): Part | undefined {
  const first = Math.max(
    0,
    lastIndex(parts, (part) => part.clip.startMs <= span.startMs),
  );
  let best = parts[first];
  for (let index = first + 1; index < parts.length; index++) {
    const part = parts[index];
    if (!part || part.clip.startMs >= span.endMs) break;
    if (best && shared(part.clip, span) > shared(best.clip, span)) best = part;
  }
  return best;
}

const shared = (a: Span<number>, b: Span<number>): number =>
  Math.max(0, Math.min(a.endMs, b.endMs) - Math.max(a.startMs, b.startMs));

/** The words that a clip lets hear, on its own timeline, in order. A word that is mostly cut off is left out. */
export function wordsInClip(words: readonly Word[], cuts: readonly Span[]): Word<ClipMs>[] {
  const map = timeMap(cuts);
  return words.flatMap((word) => {
    const [startMs, endMs] = [map.toClip(word.startMs), map.toClip(word.endMs)];
    const lengthMs = word.endMs - word.startMs;
    const heard = lengthMs > 0 ? endMs - startMs >= lengthMs / 2 : cuts.some((cut) => holds(cut, word.startMs));
    return heard ? [{ ...word, startMs, endMs }] : [];
  });
}

const holds = (cut: Span, at: SourceMs): boolean => cut.startMs <= at && at < cut.endMs;
