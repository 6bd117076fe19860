import { type SourceMs, sourceMs } from '#base/time.ts';
import type { TrackKey } from './track-moves.ts';

/** Where the one who speaks was seen: the middle of the head, in pixels from the left of the picture. */
export interface Sighting {
  readonly atMs: SourceMs;
  readonly x: number;
}

/** What sightings become keys for: all in pixels of the picture. */
export interface Tracking {
  readonly pictureWidth: number;
  /** Of the window that follows. */
  readonly windowWidth: number;
  /** Changes of scene: there the window jumps. In order. */
  readonly scenesMs: readonly SourceMs[];
}

/** A head that moves less than this part of the window stays in its middle third. */
const tolerated = 0.12;
/** A move takes this long, and the next one begins no sooner than a second after it began. */
const moveMs = 600;
const restMs = 1000;
/** How fast the one-pole filter follows: it has come two thirds of the way after this long. */
const followMs = 700;

/**
 * Keys of a window that follows sightings (in order of time) as a cameraman would: it stands, and moves at most once a
 * second when the one it shows has left its middle. Single wrong sightings are dropped by a median of three; at a change
 * of scene it jumps to where the next one is.
 */
export function trackKeys(sightings: readonly Sighting[], tracking: Tracking): TrackKey[] {
  const keys: TrackKey[] = [];
  for (const [at, scene] of byScene(sightings, tracking.scenesMs).entries()) {
    const path = smoothed(scene.sightings);
    keys.push(...standing(path, { ...scene, cut: at > 0, slack: tolerated * tracking.windowWidth }));
  }
  return keys.map((key) => ({ ...key, x: Math.round(Math.min(Math.max(key.x, 0), tracking.pictureWidth)) }));
}

/** Sightings between two changes of scene; scenes without any are left out: the window stays where it was. */
function byScene(sightings: readonly Sighting[], scenesMs: readonly SourceMs[]) {
  const starts = [sourceMs(0), ...scenesMs.filter((atMs) => atMs > 0)];
  return starts
    .map((startMs, at) => {
      const endMs = starts[at + 1] ?? Number.POSITIVE_INFINITY;
      return { startMs, endMs, sightings: sightings.filter(({ atMs }) => atMs >= startMs && atMs < endMs) };
    })
    .filter((scene) => scene.sightings.length > 0);
}

/** Median of three, then a one-pole filter that follows by the time that has passed. */
function smoothed(points: readonly Sighting[]): Sighting[] {
  let value: number | null = null;
  return points.map(({ atMs, x }, at) => {
    const [before, after] = [points[at - 1]?.x ?? x, points[at + 1]?.x ?? x];
    const middle = Math.max(Math.min(before, x), Math.min(Math.max(before, x), after));
    const passedMs = atMs - (points[at - 1]?.atMs ?? atMs);
    value = value === null ? middle : value + (middle - value) * (1 - Math.exp(-passedMs / followMs));
    return { atMs, x: value };
  });
}

function standing(
  path: readonly Sighting[],
  { startMs, endMs, cut, slack }: { startMs: SourceMs; endMs: number; cut: boolean; slack: number },
): TrackKey[] {
  let x = path[0]?.x ?? 0;
  let movedMs = Number.NEGATIVE_INFINITY;
  const keys: TrackKey[] = [{ atMs: startMs, x, cut }];
  for (const [at, point] of path.entries()) {
    if (Math.abs(point.x - x) <= slack || point.atMs - movedMs < restMs) continue;
    if (point.atMs <= startMs || point.atMs + moveMs >= endMs) continue;
    // Where the path will be at the end of the move: else a walking speaker would always be behind the middle.
    const target = path.slice(at).findLast(({ atMs }) => atMs - point.atMs <= moveMs) ?? point;
    keys.push({ atMs: point.atMs, x, cut: false }, { atMs: sourceMs(point.atMs + moveMs), x: target.x, cut: false });
    x = target.x;
    movedMs = point.atMs;
  }
  return keys;
}
