import type { LayoutFrames } from './layout-frames.ts';
import type { TimedFrame } from './matroska-frames.ts';

/** What is kept of pictures that come one after the other, however many come. */
export interface FrameSample {
  take(frame: TimedFrame): void;
  kept(): Pick<LayoutFrames, 'timesMs' | 'pictures'>;
}

/**
 * Keeps pictures that are at least `apartMs` apart, and never more than `limit`: when they are too many, every second
 * one goes and the distance doubles, so that those that stay are spread evenly over a recording of unknown length.
 */
export function frameSample({ limit, apartMs }: { limit: number; apartMs: number }): FrameSample {
  let frames: TimedFrame[] = [];
  let distance = apartMs;
  return {
    take(frame) {
      const last = frames.at(-1);
      if (last && frame.atMs - last.atMs < distance) return;
      frames.push(frame);
      while (frames.length > limit) {
        distance *= 2;
        frames = spread(frames, distance);
      }
    },
    kept: () => ({ timesMs: frames.map(({ atMs }) => atMs), pictures: frames.map(({ pixels }) => pixels) }),
  };
}

/** The first one, and each that is far enough from the one kept before. */
function spread(frames: readonly TimedFrame[], distance: number): TimedFrame[] {
  let last = Number.NEGATIVE_INFINITY;
  return frames.filter(({ atMs }) => {
    if (atMs - last < distance) return false;
    last = atMs;
    return true;
  });
}
