import type { SourceMs } from '#base/time.ts';
import { frameSample } from './frame-sample.ts';
import type { LayoutFrames } from './layout-frames.ts';
import type { TimedFrame } from './matroska-frames.ts';
import { lookOf } from './picture-look.ts';
import type { PictureSize } from './picture-size.ts';
import { type PosterCandidate, posterCandidates, posterScore } from './poster-candidates.ts';
import { isSceneChange } from './scene-change.ts';

/** What the key frames of a recording tell. */
export interface KeyFrames {
  /** Where pictures can be sought without decoding what is before; a recording of key frames only: two a second. */
  readonly timesMs: readonly SourceMs[];
  /** Key frames that show something else than the one before: at most the distance of two late. */
  readonly scenesMs: readonly SourceMs[];
  /** The key frame before each of them. */
  readonly beforeScenesMs: readonly SourceMs[];
  /** Best first. */
  readonly posters: readonly PosterCandidate[];
  /** Spread over the recording, few enough to be held. */
  readonly sample: LayoutFrames;
}

/** 14 MB at 320 × 180. */
const sampled = { limit: 240, apartMs: 2_000 };

/** Takes the key frames as small `I420` pictures, in order, each looked at once. Memory does not grow with them. */
export function keyFrameWatch(size: PictureSize): {
  see(frame: TimedFrame): void;
  seen(durationMs: number): KeyFrames;
} {
  const timesMs: SourceMs[] = [];
  const [scenesMs, beforeScenesMs]: [SourceMs[], SourceMs[]] = [[], []];
  const looks: PosterCandidate[] = [];
  const sample = frameSample(sampled);
  let before: Uint8Array | undefined;
  return {
    see({ atMs, pixels }) {
      const gray = pixels.slice(0, size.width * size.height);
      if (before && isSceneChange(before, pixels, size)) {
        beforeScenesMs.push(timesMs.at(-1) ?? atMs);
        scenesMs.push(atMs);
      }
      timesMs.push(atMs);
      looks.push({ atMs, score: posterScore(lookOf(gray, size.width)) });
      sample.take({ atMs, pixels: gray });
      before = pixels;
    },
    seen: (durationMs) => ({
      timesMs,
      scenesMs,
      beforeScenesMs,
      posters: posterCandidates(looks, durationMs),
      sample: { ...size, ...sample.kept() },
    }),
  };
}
