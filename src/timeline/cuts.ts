import { durationOf, type SourceMs, type Span, sourceMs, type Word } from '#base/time.ts';

/** A stretch of the recording that is sent to speech-to-text at once. `source` are the parts of it that are sent. */
export interface SpeechChunk extends Span {
  readonly source: readonly Span[];
}

/** Silences at least this long are not sent, save `keptMs` at each side: the recogniser should still hear a pause. */
const droppedFromMs = 2000;
const keptMs = 400;
/** A shorter silence is no safe place to cut. */
const cuttableMs = 300;
/** Where no silence is near, neighbours share this much, so that each word is whole in one of them. */
const overlapMs = 5000;

export interface ChunkLimits {
  /** Longest chunk. */
  readonly maxMs: number;
  /** How much neighbours share even where they are cut in a silence; by default nothing. */
  readonly sharedMs?: number;
}

/**
 * Chunks of at most `maxMs` in order, cut in silences where there are any, hard with an overlap where there are none.
 * Chunks without speech are left out. `timeMap(chunk.source)` maps what a recogniser answers back to the recording.
 */
export function speechChunks(silences: readonly Span[], durationMs: SourceMs, limits: ChunkLimits): SpeechChunk[] {
  return windowsOf(silences, durationMs, limits)
    .filter((window) => without([window], silences).length > 0)
    .map((window) => ({ ...window, source: without([window], droppedParts(silences)) }));
}

function windowsOf(silences: readonly Span[], durationMs: SourceMs, { maxMs, sharedMs = 0 }: ChunkLimits): Span[] {
  const windows: Span[] = [];
  let startMs = sourceMs(0);
  while (durationMs - startMs > maxMs) {
    const cutMs = cutIn(silences, startMs, maxMs);
    const endMs = cutMs ?? sourceMs(startMs + maxMs);
    windows.push({ startMs, endMs });
    const shared = Math.min(cutMs === undefined ? Math.max(overlapMs, sharedMs) : sharedMs, maxMs / 4);
    startMs = shared > 0 ? beginBefore(silences, sourceMs(endMs - shared), shared / 4) : endMs;
  }
  if (durationMs > startMs) windows.push({ startMs, endMs: durationMs });
  return windows;
}

/** The middle of the last silence that is at most `withinMs` before, so that no word is cut; else the moment itself. */
function beginBefore(silences: readonly Span[], at: SourceMs, withinMs: number): SourceMs {
  const middles = silences.map(({ startMs, endMs }) => sourceMs((startMs + endMs) / 2));
  return middles.findLast((middle) => middle <= at && middle >= at - withinMs) ?? at;
}

/** The middle of the longest silence in the last 40 % of the window; of equals the later one. */
function cutIn(silences: readonly Span[], startMs: SourceMs, maxMs: number): SourceMs | undefined {
  let best: Span | undefined;
  for (const silence of silences) {
    const inside = {
      startMs: sourceMs(Math.max(silence.startMs, startMs + maxMs * 0.6)),
      endMs: sourceMs(Math.min(silence.endMs, startMs + maxMs)),
    };
    if (durationOf(inside) >= Math.max(cuttableMs, best ? durationOf(best) : 0)) best = inside;
  }
  return best && sourceMs((best.startMs + best.endMs) / 2);
}

const droppedParts = (silences: readonly Span[]): Span[] =>
  silences
    .filter((silence) => durationOf(silence) >= droppedFromMs)
    .map((silence) => ({ startMs: sourceMs(silence.startMs + keptMs), endMs: sourceMs(silence.endMs - keptMs) }));

/** Spans minus other spans. Both sorted; the answer is sorted and has no empty span. */
export function without(spans: readonly Span[], removed: readonly Span[]): Span[] {
  return spans.flatMap((span) => {
    const kept: Span[] = [];
    let from = span.startMs;
    for (const hole of removed) {
      if (hole.endMs <= from || hole.startMs >= span.endMs || durationOf(hole) <= 0) continue;
      if (hole.startMs > from) kept.push({ startMs: from, endMs: hole.startMs });
      from = hole.endMs;
    }
    if (from < span.endMs) kept.push({ startMs: from, endMs: span.endMs });
    return kept;
  });
}

/** Only silences this long are taken out of a clip: shorter ones are how people speak. */
const removableMs = 800;
/** Stays at each side of a removed silence: a breath. */
const breathMs = 250;
/** A word needs this much room: recognisers end words early. */
const wordRoomMs = 40;
/** Removing less is a jump that saves nothing. */
const worthwhileMs = 200;

/** The parts of `span` that remain when its long silences are taken out. Never cuts into a word; never empty. */
export function withoutSilences(span: Span, silences: readonly Span[], words: readonly Word[]): Span[] {
  const spoken = words.map((word) => ({
    startMs: sourceMs(word.startMs - wordRoomMs),
    endMs: sourceMs(word.endMs + wordRoomMs),
  }));
  const removed = silences
    .filter((silence) => durationOf(silence) >= removableMs)
    .map((silence) => ({ startMs: sourceMs(silence.startMs + breathMs), endMs: sourceMs(silence.endMs - breathMs) }))
    .filter((hole) => hole.startMs > span.startMs && hole.endMs < span.endMs)
    .flatMap((hole) => without([hole], spoken))
    .filter((hole) => durationOf(hole) >= worthwhileMs);
  const kept = without([span], removed);
  return kept.length > 0 ? kept : [span];
}

/**
 * Cuts moved to the nearest frame, so that picture and sound of a joined clip stay together. One that is shorter than a
 * frame of a slow picture and shows none is left out; where that would be all of them, they stay as they are.
 */
export function onFrames(cuts: readonly Span[], frameRate: number): Span[] {
  const moved = cuts
    .map((cut) => ({ startMs: frameAt(cut.startMs, frameRate), endMs: frameAt(cut.endMs, frameRate) }))
    .filter((cut) => durationOf(cut) > 0);
  return moved.length > 0 ? moved : [...cuts];
}

/** Of one clip. Each cut is a chain of filters more: 200 in a minute take ffmpeg 4 s of CPU before any encoding, one takes 0.6 s. */
export const mostCuts = 200;

/** Cuts of which there are no more than `most`: of what was to be left out, the shortest stretches are kept. */
export function fewCuts(cuts: readonly Span[], most = mostCuts): Span[] {
  const gaps = cuts.slice(1).map(({ startMs }, at) => ({ at, ms: startMs - (cuts[at]?.endMs ?? 0) }));
  const longest = gaps.toSorted((a, b) => b.ms - a.ms).slice(0, Math.max(1, most) - 1);
  const left = new Set(longest.map(({ at }) => at));
  const few: Span[] = [];
  for (const [at, cut] of cuts.entries()) {
    const last = few.at(-1);
    if (last && !left.has(at - 1)) few[few.length - 1] = { ...last, endMs: cut.endMs };
    else few.push(cut);
  }
  return few;
}

const frameAt = (at: SourceMs, frameRate: number): SourceMs =>
  sourceMs((Math.round((at * frameRate) / 1000) * 1000) / frameRate);
