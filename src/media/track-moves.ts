import { durationOf, type SourceMs, type Span } from '#base/time.ts';
import { type FrameRate, framesBefore } from './frame-rate.ts';

/** A position at a moment of the recording; `cut` says that it is not moved to but jumped to. */
export interface TrackKey {
  readonly atMs: SourceMs;
  readonly x: number;
  readonly cut: boolean;
}

/** Frames of a clip, the last one excluded, over which a position goes straight from one value towards another. */
export interface Move {
  readonly from: number;
  readonly to: number;
  readonly fromX: number;
  readonly toX: number;
}

/**
 * The keys as they play in a clip: in frames counted from its start, with a jump wherever something was cut out. Before
 * the first key its position holds, after the last one that one's.
 */
export function movesOf(
  keys: readonly TrackKey[],
  { cuts, rate }: { readonly cuts: readonly Span[]; readonly rate: FrameRate },
): Move[] {
  const moves: Move[] = [];
  let clipMs = 0;
  for (const cut of cuts) {
    const frameAt = (at: number): number => framesBefore(clipMs + at - cut.startMs, rate);
    const inside = keys.filter(({ atMs }) => atMs > cut.startMs && atMs < cut.endMs).map(({ atMs }) => atMs);
    const stops = [cut.startMs, ...inside, cut.endMs];
    for (const [at, endMs] of stops.slice(1).entries()) {
      const startMs = stops[at] ?? cut.startMs;
      const move = { from: frameAt(startMs), to: frameAt(endMs), ...ends(keys, startMs, endMs) };
      if (move.to > move.from) moves.push(move);
    }
    clipMs += durationOf(cut);
  }
  return joined(moves);
}

/** Between two neighbouring stops a position is straight. */
function ends(keys: readonly TrackKey[], startMs: SourceMs, endMs: SourceMs): { fromX: number; toX: number } {
  const after = keys.findIndex(({ atMs }) => atMs > startMs);
  const next = after < 0 ? undefined : keys[after];
  const last = after < 0 ? keys.at(-1) : keys[after - 1];
  if (!last) return { fromX: next?.x ?? 0, toX: next?.x ?? 0 };
  if (!next || next.cut) return { fromX: last.x, toX: last.x };
  const at = (ms: number): number => last.x + ((next.x - last.x) * (ms - last.atMs)) / (next.atMs - last.atMs);
  return { fromX: at(startMs), toX: at(endMs) };
}

/** Neighbours that stand still at the same place, as one. */
function joined(moves: readonly Move[]): Move[] {
  const fewer: Move[] = [];
  for (const move of moves) {
    const last = fewer.at(-1);
    if (last && [last.fromX, last.toX, move.toX].every((x) => x === move.fromX)) {
      fewer[fewer.length - 1] = { ...last, to: move.to };
    } else fewer.push(move);
  }
  return fewer;
}

/**
 * The position as ffmpeg reads it, of the frame's number `n`. Halves of the moves inside each other: a chain of 200 would
 * be looked through for every frame, and newer versions refuse expressions more than 100 deep.
 */
export function positionText(moves: readonly Move[]): string {
  const [first] = moves;
  if (!first) return '0';
  if (moves.length === 1) return lineText(first);
  const middle = moves.length >> 1;
  const [before, after] = [moves.slice(0, middle), moves.slice(middle)];
  return `if(lt(n,${after[0]?.from ?? 0}),${positionText(before)},${positionText(after)})`;
}

function lineText({ from, to, fromX, toX }: Move): string {
  const slope = (toX - fromX) / (to - from);
  return slope === 0 ? short(fromX, 2) : `(${short(fromX, 2)}+${short(slope, 5)}*(n-${from}))`;
}

const short = (value: number, digits: number): string => `${Number(value.toFixed(digits))}`;
